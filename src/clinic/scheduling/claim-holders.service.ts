import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ResourceSpan } from './free-span.rules.js';

/** What a later room knows of those who hold claims. Told by it, because nobody here has heard of a visit. */
export interface HolderKnowledge {
  /** Codes of the kinds of visit of these holders; those that it does not know are left out. */
  kindsOf(tx: Tx, holderIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Time to come in which this resource is booked for something that it could not do with these skills only. */
  beyondSkills(tx: Tx, resourceId: string, skills: readonly string[]): Promise<readonly ResourceSpan[]>;
}

/** Whom to ask what a claim is for. */
@Injectable()
export class ClaimHolders {
  #knowledge: HolderKnowledge | null = null;

  register(knowledge: HolderKnowledge): void {
    this.#knowledge = knowledge;
  }

  async kindsOf(tx: Tx, holderIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return (await this.#knowledge?.kindsOf(tx, holderIds)) ?? new Map();
  }

  async beyondSkills(
    tx: Tx,
    resourceId: string,
    skills: readonly string[],
  ): Promise<readonly ResourceSpan[]> {
    return (await this.#knowledge?.beyondSkills(tx, resourceId, skills)) ?? [];
  }
}
