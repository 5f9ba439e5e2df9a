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
  fragments: Buffer[];
  fragmentBytes: number;
  fragmentCount: number;
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

  /** The message that this PDV completes, or null. Throws {@link DimseProblem} when it fits into none. */
  push(value: PresentationDataValue): Message | null {
    const partial = this.partial ?? this.begin(value);
    if (value.contextId !== partial.contextId)
      throw new DimseProblem('a message changes its presentation context');
    const expectsCommand = partial.command === null;
    if (value.isCommand !== expectsCommand) throw new DimseProblem('command and data fragments are mixed up');
    this.collect(partial, value.fragment);
    if (!value.isLast) return null;
    const bytes =
      partial.fragments.length === 1
        ? (partial.fragments[0] ?? value.fragment)
        : Buffer.concat(partial.fragments);
    if (partial.command !== null) return this.finish(partial.contextId, partial.command, bytes);
    const command = decodeCommand(bytes);
    if (!command.hasDataSet) return this.finish(partial.contextId, command, null);
    partial.command = command;
    partial.fragments = [];
    partial.fragmentBytes = 0;
    return null;
  }

  private begin(value: PresentationDataValue): Assembly {
    if (!this.acceptedContextIds.has(value.contextId)) {
      throw new DimseProblem('a message on a presentation context that was not accepted');
    }
    this.partial = {
      contextId: value.contextId,
      command: null,
      fragments: [],
      fragmentBytes: 0,
      fragmentCount: 0,
    };
    return this.partial;
  }

  private collect(partial: Assembly, fragment: Buffer): void {
    partial.fragmentCount += 1;
    partial.fragmentBytes += fragment.length;
    const bytesMax = partial.command === null ? commandBytesMax : this.limits.messageBytesMax;
    if (partial.fragmentBytes > bytesMax) throw new DimseProblem('a message is too long');
    if (partial.fragmentCount > this.limits.fragmentCountMax)
      throw new DimseProblem('a message has too many fragments');
    if (fragment.length > 0) partial.fragments.push(fragment);
  }

  private finish(contextId: number, command: Command, dataSetBytes: Buffer | null): Message {
    this.partial = null;
    return { contextId, command, dataSetBytes };
  }
}
