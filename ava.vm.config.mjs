// The specifications that need the kernel's virtual devices: scripts/test-vm runs them in a virtual machine.
export default {
  extensions: { ts: 'module' },
  files: ['__test__/vm/**/*.spec.ts'],
  nodeArguments: ['--import=@oxc-node/core/register'],
  // The machine is emulated.
  timeout: '5m',
  workerThreads: false,
  // The devices are shared.
  concurrency: 1,
}
