import type { ExecutionContext } from 'ava'
import { asStranger, reproduce } from '../support/finding-cases.js'
import { board, laptop, orinNx, orinNxContainer, raspberryPi4 } from '../support/fake-root.js'
import type { MadeUpRoot } from '../support/fake-root.js'

const ORIN = 'nvidia,tegra234'

function on(t: ExecutionContext, machine: Partial<MadeUpRoot['machine']>): MadeUpRoot {
  const root = laptop(t)
  Object.assign(root.machine, { arch: 'arm64', ...machine })
  return root
}

function ofJetPack5(root: MadeUpRoot): MadeUpRoot {
  return root.file('/etc/nv_tegra_release', '# R35 (release), REVISION: 4.1, X\n')
}

reproduce({
  'a Jetson Orin Nano': [
    'orin-nano',
    (t) => board(t, 'NVIDIA Jetson Orin Nano Developer Kit', 'nvidia,p3768-0000+p3767-0005', ORIN),
    /Orin Nano has no hardware video encoder/,
    /\['h265', 'h264'\]/,
  ],
  'a Raspberry Pi 5': [
    'raspberry-pi-5',
    (t) => board(t, 'Raspberry Pi 5 Model B Rev 1.0', 'raspberrypi,5-model-b', 'brcm,bcm2712'),
    /Pi 5 has no hardware video encoder/,
    /software/,
  ],
  'a Jetson Thor': [
    'thor',
    (t) => board(t, 'NVIDIA Jetson AGX Thor Developer Kit', 'nvidia,p4071-0000', 'nvidia,tegra264'),
    /Thor .* never tried/,
    /bench --report/,
  ],
  'a Jetson whose driver is not bound': [
    'encoder-node-missing',
    (t) => orinNx(t).without('/dev/v4l2-nvenc'),
    /no \/dev\/v4l2-nvenc/,
    /dmesg/,
  ],
  'a Jetson of JetPack 5 whose driver is not bound': [
    'encoder-node-missing',
    (t) => ofJetPack5(orinNx(t).without('/dev/v4l2-nvenc')).file('/proc/sys/kernel/osrelease', '5.10.192-tegra\n'),
    /no \/dev\/nvhost-msenc/,
    /dmesg/,
  ],
  'a kernel and drivers of different releases': [
    'releases-differ',
    (t) => orinNx(t).file('/proc/sys/kernel/osrelease', '5.10.192-tegra\n'),
    /^This system is of JetPack 6 \(L4T 36\.4\.3\), and the kernel 5\.10\.192-tegra of another release/,
    /nvidia-l4t-kernel/,
  ],
  'a Raspberry Pi 4 whose driver is not loaded': [
    'raspberry-pi-codec-missing',
    (t) => board(t, 'Raspberry Pi 4 Model B', 'raspberrypi,4-model-b', 'brcm,bcm2711'),
    /\/dev\/video11/,
    /sudo modprobe bcm2835-codec/,
  ],
  'an RK3588 with the mainline kernel': [
    'no-encoder',
    (t) =>
      board(t, 'Turing Machines RK1', 'turing,rk1', 'rockchip,rk3588').video(1, {
        kind: 'jpeg-encoder',
        driver: 'hantro-vpu',
        card: 'rockchip,rk3588-vepu121-enc',
      }),
    /V4L2 reaches\. Rockchip's encoder .* no driver in the mainline kernel, where only JPEG is encoded; .*rkmpp/,
    /software/,
  ],
  'an i.MX8M Plus': [
    'no-encoder',
    (t) => board(t, 'Verdin', 'toradex,verdin-imx8mp', 'fsl,imx8mp'),
    /NXP's own kernel only \(vsi_v4l2\)\.$/,
    /software/,
  ],
  'a laptop': ['no-encoder', laptop, /no video encoder that V4L2 reaches/, /software/],
  'a computer with a graphics card of NVIDIA’s': [
    'desktop-gpu',
    (t) => laptop(t).node('/dev/nvidia0', '195:0'),
    /graphics card/,
    /h264_nvenc/,
    ['no-encoder'],
  ],
  'JetPack 4': [
    'jetpack-4',
    (t) =>
      orinNx(t)
        .file('/etc/nv_tegra_release', '# R32 (release), REVISION: 7.4, X\n')
        .file('/proc/sys/kernel/osrelease', '4.9.337-tegra\n'),
    /JetPack 4 \(L4T 32\.7\.4\)/,
    /JetPack 5/,
  ],
  'a chip without AV1': [
    'no-av1',
    (t) => board(t, 'Jetson-AGX', 'nvidia,p2972-0000', 'nvidia,tegra194'),
    /tegra194 does not code AV1/,
    /H\.265/,
    ['encoder-node-missing'],
  ],
  'another operating system': [
    'unsupported-platform',
    (t) => on(t, { platform: 'darwin' }),
    /no build for darwin on arm64/,
    /on the board itself/,
  ],
  'a 32-bit Node.js': ['unsupported-platform', (t) => on(t, { arch: 'arm' }), /linux on arm;/, /uname -m/],
  Alpine: ['musl', (t) => on(t, { libc: 'musl' }), /C library is musl/, /Debian or Ubuntu/],
  'a user who is not in the group': [
    'nvidia-node-permission',
    (t) => asStranger(orinNx(t)),
    /may not open \/dev\/host1x-fence, \/dev\/nvhost-vic and \/dev\/nvmap \(root:video, mode 0660\) and \/dev\/dri\/renderD128 \(root:render, mode 0660\)/,
    /sudo usermod -a -G video,render \$USER/,
  ],
  'a user in a container who is not in the group': [
    'nvidia-node-permission',
    (t) => asStranger(orinNxContainer(t)),
    /may not open/,
    /--group-add video --group-add render/,
  ],
  'an encoder that only its group may open': [
    'encoder-permission',
    (t) => asStranger(orinNx(t).node('/dev/nvhost-msenc', '506:2').without('/dev/v4l2-nvenc')),
    /may not open \/dev\/nvhost-msenc .*, which is the encoder/,
    /sudo usermod/,
  ],
  'a kernel encoder that only its group may open': [
    'video-node-permission',
    (t) => asStranger(raspberryPi4(t)),
    /may not open \/dev\/video10 and \/dev\/video11 .*, where an encoder may be/,
    /sudo usermod/,
  ],
  'a node that is root’s alone': [
    'video-node-permission',
    (t) => laptop(t).video(0, {}, { gid: 0, mode: 0o600 }),
    /root:root, mode 0600/,
    /rule of udev/,
  ],
  'a user who was added to the group and has not logged in again': [
    'group-not-active',
    (t) => {
      const root = orinNx(t)
      root.machine.gids = [1000]
      return root
    },
    /This user is in the group video, but this session is from before/,
    /Log out and in again/,
  ],
  'no memory manager': ['nvmap-missing', (t) => orinNx(t).without('/dev/nvmap'), /no \/dev\/nvmap/, /dmesg/],
  'a container without the memory manager': [
    'nvmap-missing',
    (t) => orinNxContainer(t).without('/dev/nvmap'),
    /no \/dev\/nvmap/,
    /--device \/dev\/nvmap/,
  ],
  'a mount of a node that the host does not have': [
    'node-is-no-device',
    (t) => orinNx(t).without('/dev/v4l2-nvenc').directory('/dev/v4l2-nvenc'),
    /is a directory, not a device/,
    /--device \/dev\/v4l2-nvenc/,
  ],
  'a v4l2loopback': [
    'v4l2loopback',
    (t) => laptop(t).video(0, { kind: 'loopback', card: 'Dummy video device' }),
    /\/dev\/video0 \(Dummy video device\) is v4l2loopback/,
    /modprobe -r v4l2loopback/,
    ['no-encoder'],
  ],
  'an encoder of JPEG': [
    'jpeg-only',
    (t) => laptop(t).video(31, { kind: 'jpeg-encoder' }),
    /\/dev\/video31 is for JPEG only/,
    /software/,
    ['no-encoder'],
  ],
  'a decoder alone': [
    'decoder-only',
    (t) => laptop(t).video(0, { kind: 'decoder' }).video(1, { kind: 'decoder' }),
    /\/dev\/video0 and \/dev\/video1 are for decoding/,
    /driver/,
    ['no-encoder'],
  ],
  'a node that does not answer': [
    'node-silent',
    (t) => laptop(t).video(0, { code: 'ERR_TIMEOUT', message: 'It did not answer within 3000 ms.' }),
    /\/dev\/video0 did not report what it is: It did not answer/,
    /dmesg/,
  ],
  'a directory in the place of a video node': [
    'node-is-no-device',
    (t) => board(t, 'Raspberry Pi 4 Model B', 'raspberrypi,4-model-b').directory('/dev/video11'),
    /\/dev\/video11 is a directory, not a device\./,
    /--device \/dev\/video11/,
    ['raspberry-pi-codec-missing'],
  ],
  'an encoder of nothing that is known': [
    'no-supported-codec',
    (t) =>
      laptop(t).encoder({
        device: '/dev/video0',
        codecs: [],
        available: false,
        code: 'ERR_CODEC_UNSUPPORTED',
        message: 'It codes MPEG-2.',
      }),
    /MPEG-2/,
    /software/,
    ['no-encoder'],
  ],
})
