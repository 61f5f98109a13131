// The specifications that need the kernel's virtual devices: scripts/test-vm runs them in a virtual machine.
export default {
  files: [".cache/vm/specs/__test__/vm/**/*.spec.js"],
  // The machine is emulated.
  timeout: '5m',
  workerThreads: false,
  // The devices are shared.
  concurrency: 1,
}
