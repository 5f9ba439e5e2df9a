import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { notFound } from '../../platform/refusal/refusal.js';

/** A case of a meeting, as far as a note about it needs to know. */
export interface NoteCase {
  readonly patientId: string;
  readonly referralId: string | null;
}

/** The room that keeps cases of meetings. */
export interface NoteCaseSource {
  /** Null: there is none, or nothing is to be written about it. */
  noteCase(tx: Tx, meetingCaseId: string): Promise<NoteCase | null>;
}

/** Where a later room says which cases there are. Nobody writes about a case that no room knows. */
@Injectable()
export class NoteCases {
  #source: NoteCaseSource | null = null;

  /** Call it from the constructor of the room that keeps them. Throws when two do. */
  register(source: NoteCaseSource): void {
    if (this.#source !== null) throw new Error('two rooms keep cases of meetings');
    this.#source = source;
  }

  /** Throws NOT_FOUND. */
  async mustBe(tx: Tx, meetingCaseId: string): Promise<NoteCase> {
    const found = (await this.#source?.noteCase(tx, meetingCaseId)) ?? null;
    if (found === null) throw notFound('case');
    return found;
  }
}
