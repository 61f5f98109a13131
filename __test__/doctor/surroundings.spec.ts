import { reproduce, withEnv } from '../support/finding-cases.js'
import { laptop, orinNx, orinNxContainer, raspberryPi4 } from '../support/fake-root.js'

const NVIDIA = '/usr/lib/aarch64-linux-gnu/nvidia'
const PLUGIN = '/usr/lib/aarch64-linux-gnu/libv4l/plugins/nv/libv4l2_nvvideocodec.so'

const R35 = '# R35 (release), REVISION: 4.1, GCID: 1, BOARD: generic\n'

reproduce({
  'a container of a Jetson that has nothing of it but the kernel': [
    'encoder-node-not-in-container',
    (t) => laptop(t).file('/.dockerenv').file('/proc/sys/kernel/osrelease', '5.15.148-tegra\n'),
    /container of a Jetson has no \/dev\/v4l2-nvenc/,
    /--runtime nvidia .* An Orin Nano has none to pass/,
  ],
  'the same with JetPack 5': [
    'encoder-node-not-in-container',
    (t) => laptop(t).file('/.dockerenv').file('/proc/sys/kernel/osrelease', '5.10.192-tegra\n'),
    /has no \/dev\/nvhost-msenc/,
    /--device \/dev\/nvhost-msenc/,
  ],
  'a container of a Jetson that was not given the node': [
    'encoder-node-not-in-container',
    (t) => orinNxContainer(t).without('/dev/v4l2-nvenc'),
    /container of a Jetson has no \/dev\/v4l2-nvenc/,
    /--device \/dev\/v4l2-nvenc/,
  ],
  'an image of JetPack 5 on a host with JetPack 6': [
    'releases-differ',
    (t) => orinNxContainer(t).file('/etc/nv_tegra_release', R35),
    /^This image is of JetPack 5 \(L4T 35\.4\.1\), and the kernel 5\.15\.148-tegra of another release/,
    /an image of the host's release/,
  ],
  'the same without the node': [
    'encoder-node-not-in-container',
    (t) => orinNxContainer(t).without('/dev').file('/etc/nv_tegra_release', R35),
    /has no \/dev\/v4l2-nvenc/,
    /--device \/dev\/v4l2-nvenc/,
  ],
  'an image of JetPack 6 on a host with JetPack 5, without the node': [
    'encoder-node-not-in-container',
    (t) => orinNxContainer(t).without('/dev').file('/proc/sys/kernel/osrelease', '5.10.192-tegra\n'),
    /has no \/dev\/nvhost-msenc/,
    /--device \/dev\/nvhost-msenc/,
  ],
  'a container without channels': [
    'channels-missing',
    (t) => orinNxContainer(t).without('/dev/nvhost-vic', '/dev/host1x-fence'),
    /none of the nodes through which/,
    /--runtime nvidia/,
  ],
  'a container of JetPack 6 without the render node': [
    'channels-missing',
    (t) => orinNxContainer(t).without('/dev/dri/renderD128'),
    /no \/dev\/dri\/renderD\*, through which/,
    /--device/,
  ],
  'a container that was given nodes by mounts': [
    'device-rules',
    (t) =>
      orinNxContainer(t)
        .node('/dev/v4l2-nvenc', '1:3', { refusal: 'EPERM' })
        .node('/dev/nvmap', '505:0', { refusal: 'EPERM' }),
    /^Opening \/dev\/v4l2-nvenc and \/dev\/nvmap is forbidden .* no device rule for it\.$/,
    /--device \/dev\/v4l2-nvenc --device \/dev\/nvmap; a mount by -v is not enough/,
  ],
  'a Raspberry Pi’s node that was mounted into a container': [
    'device-rules',
    (t) => raspberryPi4(t).file('/.dockerenv').video(11, {}, { refusal: 'EPERM' }),
    /^Opening \/dev\/video11 is forbidden/,
    /--device \/dev\/video11/,
  ],
  'a sandbox around a program that the rights allow to encode': [
    'device-rules',
    (t) => orinNx(t).node('/dev/v4l2-nvenc', '1:3', { refusal: 'EPERM' }),
    /although the permissions allow it\.$/,
    /DeviceAllow/,
  ],
  'a named library that does not exist': [
    'named-library-missing',
    (t) => withEnv(orinNx(t), (root) => ({ V4L2_ENCODER_LIBRARY: root.place('/opt/libnvv4l2.so') })),
    /\/opt\/libnvv4l2\.so, which is named by V4L2_ENCODER_LIBRARY, does not exist/,
    /Name a file that exists/,
  ],
  'a named library': [
    'library-named',
    (t) => withEnv(orinNx(t), () => ({ V4L2_ENCODER_LIBRARY: 'libother.so' })),
    /Only libother\.so is loaded/,
    /Leave it out/,
  ],
  'no library': [
    'library-missing',
    (t) => orinNx(t).without(`${NVIDIA}/libnvv4l2.so`),
    /not NVIDIA's libnvv4l2\.so/,
    /sudo apt-get install --reinstall nvidia-l4t-multimedia/,
  ],
  'a link to a library that is not there': [
    'library-link-dangling',
    (t) => orinNx(t).without(`${NVIDIA}/libnvv4l2.so`),
    /links .*\/usr\/lib\/aarch64-linux-gnu\/libv4l2\.so\.0 lead to \/usr\/lib\/aarch64-linux-gnu\/nvidia\/libnvv4l2\.so/,
    /nvidia-l4t-multimedia/,
    ['library-missing'],
  ],
  'no plugin': ['plugin-missing', (t) => orinNx(t).without(PLUGIN), /no plugin libv4l2_nvvideocodec\.so/, /apt-get/],
  'a plugin’s link that leads nowhere': [
    'plugin-link-dangling',
    (t) => orinNxContainer(t).without(`${NVIDIA}/libv4l2_nvvideocodec.so`),
    /is a link to \/usr\/lib\/aarch64-linux-gnu\/nvidia\/libv4l2_nvvideocodec\.so, which does not exist/,
    /relative/,
  ],
  'no library for picture memory': [
    'surface-library-missing',
    (t) => orinNx(t).without(`${NVIDIA}/libnvbufsurface.so`),
    /there is no libnvbufsurface\.so/,
    /nvidia-l4t-multimedia/,
  ],
  'the other plugin in a container': [
    'cuvid-plugin-first',
    (t) => orinNxContainer(t).file(PLUGIN.replace('nvvideo', 'nvcuvidvideo')),
    /libv4l2_nvcuvidvideocodec\.so, which is for other machines/,
    /entrypoint\): rm -f \/usr\/lib\/aarch64-linux-gnu\/libv4l\/plugins\/nv\/libv4l2_nvcuvidvideocodec\.so/,
  ],
  'another library in front': [
    'library-in-front',
    (t) => withEnv(orinNx(t).file('/opt/lib/libv4l2.so.0'), () => ({ LD_LIBRARY_PATH: '/opt/lib:relative' })),
    /LD_LIBRARY_PATH puts \/opt\/lib\/libv4l2\.so\.0 in front/,
    /without LD_LIBRARY_PATH/,
  ],
  'the distribution’s libv4l2': [
    'wrong-libv4l2',
    (t) =>
      orinNx(t)
        .without('/usr/lib/aarch64-linux-gnu/libv4l2.so.0', `${NVIDIA}/libv4l2.so.0`)
        .file('/usr/lib/aarch64-linux-gnu/libv4l2.so.0.0.0')
        .link('/usr/lib/aarch64-linux-gnu/libv4l2.so.0', 'libv4l2.so.0.0.0'),
    /get \/usr\/lib\/aarch64-linux-gnu\/libv4l2\.so\.0\.0\.0, which does not know/,
    /sudo ldconfig/,
  ],
  'a webcam beside NVIDIA’s library': [
    'cameras-through-nvidia',
    (t) => orinNx(t).video(0, { kind: 'camera', driver: 'uvcvideo', card: 'Webcam' }),
    /read \/dev\/video0 through libv4l2 get NVIDIA's/,
    /openCamera\(\)/,
  ],
  'no lsmod': ['lsmod-missing', (t) => orinNx(t).without('/usr/sbin/lsmod'), /no lsmod/, /sudo apt-get install kmod/],
  'no lsmod in a container': [
    'lsmod-missing',
    (t) => orinNxContainer(t).without('/usr/sbin/lsmod'),
    /no lsmod/,
    /RUN apt-get update && apt-get install -y kmod/,
  ],
  'a container without NVIDIA’s variable': [
    'visible-devices-unset',
    (t) => withEnv(orinNxContainer(t), () => ({ NVIDIA_VISIBLE_DEVICES: '' })),
    /NVIDIA_VISIBLE_DEVICES is not set/,
    /NVIDIA_VISIBLE_DEVICES=all/,
  ],
  'a container into which the variable lets nothing': [
    'visible-devices-unset',
    (t) =>
      withEnv(
        orinNxContainer(t).without('/dev/v4l2-nvenc', '/dev/nvmap', '/dev/nvhost-vic', '/dev/host1x-fence'),
        () => ({
          NVIDIA_VISIBLE_DEVICES: 'void',
        }),
      ),
    /NVIDIA_VISIBLE_DEVICES is void/,
    /NVIDIA_VISIBLE_DEVICES=all/,
    ['encoder-node-not-in-container'],
  ],
  'a container that may compute only': [
    'driver-capabilities-lack-video',
    (t) => withEnv(orinNxContainer(t), () => ({ NVIDIA_DRIVER_CAPABILITIES: 'compute,utility' })),
    /does not include video/,
    /NVIDIA_DRIVER_CAPABILITIES=all/,
  ],
  'a list of NVIDIA’s runtime without the encoder': [
    'runtime-list-lacks-encoder',
    (t) =>
      orinNx(t).file(
        '/etc/nvidia-container-runtime/host-files-for-container.d/devices.csv',
        'dev, /dev/nvhost-msenc\ndev, /dev/nvmap\n',
      ),
    /do not name \/dev\/v4l2-nvenc/,
    /--device \/dev\/v4l2-nvenc/,
  ],
  'another process that encodes': [
    'device-in-use',
    (t) => orinNx(t).process(4711, 'gst-launch-1.0', '/dev/null', '/dev/v4l2-nvenc'),
    /process 4711 \(gst-launch-1\.0\) has \/dev\/v4l2-nvenc open/,
    /^End gst-launch-1\.0 if/,
  ],
  'little memory': [
    'low-memory',
    (t) => orinNx(t).file('/proc/meminfo', 'MemTotal: 4000000 kB\nMemAvailable: 65536 kB\n'),
    /Only 64 MiB of memory/,
    /smaller frames/,
  ],
  'little memory for devices': [
    'little-cma',
    (t) => raspberryPi4(t).file('/proc/meminfo', 'MemAvailable: 900000 kB\nCmaTotal: 16384 kB\n'),
    /Only 16 MiB are set aside/,
    /cma=256M/,
  ],
  'a hot board': [
    'too-hot',
    (t) =>
      orinNx(t)
        .file('/sys/class/thermal/thermal_zone0/type', 'cpu-thermal\n')
        .file('/sys/class/thermal/thermal_zone0/temp', '99500\n')
        .file('/sys/class/thermal/thermal_zone0/trip_point_0_type', 'passive\n')
        .file('/sys/class/thermal/thermal_zone0/trip_point_0_temp', '99000\n'),
    /cpu-thermal is at 99\.5 degrees Celsius, and from 99 on/,
    /Cool the board/,
  ],
  'a power mode that limits': [
    'power-mode-limits',
    (t) =>
      orinNx(t)
        .file('/var/lib/nvpmodel/status', 'pmode:0002 fmode:quiet\n')
        .file('/etc/nvpmodel.conf', '< POWER_MODEL ID=0 NAME=MAXN >\nX 1\n< POWER_MODEL ID=2 NAME=15W >\n'),
    /power mode is 15W, which limits the clocks; MAXN does not/,
    /sudo nvpmodel -m 0/,
  ],
  'a clock that follows the load': [
    'clocks-scale',
    (t) =>
      orinNx(t)
        .file('/sys/class/devfreq/154c0000.nvenc/cur_freq', '115200000\n')
        .file('/sys/class/devfreq/154c0000.nvenc/max_freq', '793600000\n')
        .file('/sys/class/devfreq/154c0000.nvenc/governor', 'nvhost_podgov\n'),
    /154c0000\.nvenc runs at 115 MHz of 794 MHz/,
    /sudo jetson_clocks/,
  ],
})
