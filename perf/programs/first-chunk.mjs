// Prints the milliseconds from before `import` to the first chunk.
const start = performance.now()
const { createEncoder } = await import('../../dist/index.js')
const options = JSON.parse(process.argv[2])
const encoder = await createEncoder(options)
await encoder.encode({ data: new Uint8Array((options.width * options.height * 3) / 2), timestamp: 0 })
for await (const _ of encoder) break
console.log(performance.now() - start)
await encoder.close()
