import { Injectable } from '@nestjs/common';
import type { Temporal } from '../time/index.js';

/** A message as its handler gets it. */
export interface OutboxMessage {
  readonly id: string;
  readonly topic: string;
  readonly subjectId: string;
  readonly version: number;
}

/**
 * What a later room does about a topic. It may be called more than once for one message (a worker died, a queue
 * repeated itself), also at the same time in two processes: doing it twice must be doing it once.
 */
export interface OutboxHandler {
  readonly topic: string;
  /** Resolves when all is done. Throw HandleLater to be asked again; any other throw is a failed attempt. */
  handle(message: OutboxMessage): Promise<void>;
}

/**
 * Thrown by a handler that has nothing wrong with it but must wait: a mail server that said "later", another
 * worker that holds the subject. It is not counted as a failed attempt; the handler bounds its own patience.
 */
export class HandleLater extends Error {
  override readonly name = 'HandleLater';

  constructor(readonly notBefore: Temporal.Instant) {
    super(`to be handled again after ${notBefore.toString()}`);
  }
}

/** The handlers of this process. They are registered in every role, so that the roll-call holds in every role. */
@Injectable()
export class OutboxHandlers {
  readonly #handlers: OutboxHandler[] = [];

  /** Call it from the constructor of a room's jobs class. */
  register(handler: OutboxHandler): void {
    this.#handlers.push(handler);
  }

  topics(): readonly string[] {
    return this.#handlers.map((handler) => handler.topic);
  }

  /** The handler of a topic; null for a topic that only a newer version of the software knows. */
  handlerOf(topic: string): OutboxHandler | null {
    return this.#handlers.find((handler) => handler.topic === topic) ?? null;
  }
}
