// PS3.8 Annex E and PS3.7 §6.3: messages from the PDVs that carry their fragments.
import type { PresentationDataValue } from '../wire/index.js';
import { type Command, decodeCommand } from './commands.js';
import { DimseProblem } from './dimse-problem.js';
import { commandBytesMax, fragmentCountMax, messageBytesMax } from './limits.js';

export interface Message {
  readonly contextId: number;
  readonly command: Command;
  /** The encoded data set, when the command announced one. */
  readonly dataSetBytes: Buffer | null;
}

export interface AssemblerLimits {
  readonly messageBytesMax: number;
  readonly fragmentCountMax: number;
}

interface Assembly {
  readonly contextId: number;
  /** Known once its last fragment is there; from then on only data fragments may follow. */
  command: Command | null;
  /** Fragments are copied together: a fragment of one byte must not keep the PDU that brought it. */
  bytes: Buffer;
  byteCount: number;
  fragmentCount: number;
}

/** First size of the buffer for a message in several fragments; it doubles as they come. */
const firstBufferBytes = 1_024;

/** Memory that a short fragment may keep: that of an ordinary PDU, or of Node's own pool of small buffers. */
const ballastBytesMax = 16_384;

const nothing = Buffer.alloc(0);

/** A buffer with room for that many bytes and some to come; never more than a message may have. */
function grow(bytes: Buffer, byteCount: number, bytesMax: number): Buffer {
  const wanted = Math.max(byteCount, bytes.length * 2, firstBufferBytes);
  const larger = Buffer.allocUnsafeSlow(Math.min(wanted, bytesMax));
  bytes.copy(larger);
  return larger;
}

/** The usual set in one fragment is not copied, unless it would keep a much larger PDU in memory. */
function withoutBallast(fragment: Buffer): Buffer {
  const keptBytes = fragment.buffer.byteLength;
  if (keptBytes <= ballastBytesMax || keptBytes <= 2 * fragment.length) return fragment;
  return Buffer.from(fragment);
}

/** Collects fragments into messages. One message at a time, as PS3.8 Annex E.1 wants them. */
export class Assembler {
  private partial: Assembly | null = null;

  constructor(
    private readonly acceptedContextIds: ReadonlySet<number>,
    private readonly limits: AssemblerLimits = { messageBytesMax, fragmentCountMax },
  ) {}

  /** Is a message begun and not complete? */
  get isMidMessage(): boolean {
    return this.partial !== null;
  }

  /** Bytes of memory taken for the message that is begun. */
  get heldBytes(): number {
    return this.partial?.bytes.length ?? 0;
  }

  /** The message that this PDV completes, or null. Throws {@link DimseProblem} when it fits into none. */
  push(value: PresentationDataValue): Message | null {
    const partial = this.partial ?? this.begin(value);
    if (value.contextId !== partial.contextId)
      throw new DimseProblem('a message changes its presentation context');
    const expectsCommand = partial.command === null;
    if (value.isCommand !== expectsCommand) throw new DimseProblem('command and data fragments are mixed up');
    const bytes = this.collect(partial, value);
    if (bytes === null) return null;
    if (partial.command !== null) return this.finish(partial.contextId, partial.command, bytes);
    const command = decodeCommand(bytes);
    if (!command.hasDataSet) return this.finish(partial.contextId, command, null);
    partial.command = command;
    partial.bytes = nothing;
    partial.byteCount = 0;
    return null;
  }

  private begin(value: PresentationDataValue): Assembly {
    if (!this.acceptedContextIds.has(value.contextId)) {
      throw new DimseProblem('a message on a presentation context that was not accepted');
    }
    this.partial = {
      contextId: value.contextId,
      command: null,
      bytes: nothing,
      byteCount: 0,
      fragmentCount: 0,
    };
    return this.partial;
  }

  /** The bytes of the set, once its last fragment is there. Odd fragments break PS3.8 §E.1. */
  private collect(partial: Assembly, { fragment, isLast }: PresentationDataValue): Buffer | null {
    if (fragment.length % 2 === 1) throw new DimseProblem('a fragment has an odd length');
    const byteCount = partial.byteCount + fragment.length;
    partial.fragmentCount += 1;
    const bytesMax = partial.command === null ? commandBytesMax : this.limits.messageBytesMax;
    if (byteCount > bytesMax) throw new DimseProblem('a message is too long');
    if (partial.fragmentCount > this.limits.fragmentCountMax)
      throw new DimseProblem('a message has too many fragments');
    if (isLast && partial.byteCount === 0) return withoutBallast(fragment);
    if (byteCount > partial.bytes.length) partial.bytes = grow(partial.bytes, byteCount, bytesMax);
    fragment.copy(partial.bytes, partial.byteCount);
    partial.byteCount = byteCount;
    return isLast ? partial.bytes.subarray(0, byteCount) : null;
  }

  private finish(contextId: number, command: Command, dataSetBytes: Buffer | null): Message {
    this.partial = null;
    return { contextId, command, dataSetBytes };
  }
}
