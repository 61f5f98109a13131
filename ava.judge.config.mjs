// Judges on the host what the virtual machine left: scripts/test-vm runs it.
export default {
  extensions: { ts: 'module' },
  files: ['__test__/vm/judged.ts'],
  nodeArguments: ['--import=@oxc-node/core/register'],
  timeout: '5m',
  workerThreads: false,
}
