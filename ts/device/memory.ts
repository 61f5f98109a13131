/**
 * A request's argument as the addon takes it: the struct (block 0), everything it points to, and where the addresses belong.
 * There are no addresses on this side.
 *
 * @internal
 */
export class Memory {
  readonly blocks: Uint8Array<ArrayBuffer>[] = []
  /** Block, offset and target of each pointer, one after the other. */
  readonly pointers: number[] = []

  /** The number of a new block of zeroes. */
  allocate(bytes: number): number {
    return this.blocks.push(new Uint8Array(bytes)) - 1
  }

  view(block: number): DataView {
    const { buffer, byteOffset, byteLength } = this.blocks[block]!
    return new DataView(buffer, byteOffset, byteLength)
  }

  /** Has the address of block `target` written into block `block` at `offset`. */
  point(block: number, offset: number, target: number): void {
    this.pointers.push(block, offset, target)
  }

  /** The block whose address belongs there. */
  targetOf(block: number, offset: number): number | undefined {
    const { pointers } = this
    for (let at = 0; at < pointers.length; at += 3) {
      if (pointers[at] === block && pointers[at + 1] === offset) return pointers[at + 2]
    }
    return undefined
  }

  /** The same argument as the driver left it. */
  answered(blocks: Uint8Array<ArrayBuffer>[]): Memory {
    const memory = new Memory()
    memory.blocks.push(...blocks)
    memory.pointers.push(...this.pointers)
    return memory
  }
}
