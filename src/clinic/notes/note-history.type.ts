import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Discipline } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';

/** What may happen to a note. */
export const NoteEvent = {
  BEGUN: 'BEGUN',
  DRAFT_KEPT: 'DRAFT_KEPT',
  DISCARDED: 'DISCARDED',
  SIGNED: 'SIGNED',
  LOCKED: 'LOCKED',
  ADDED: 'ADDED',
  SHARED: 'SHARED',
  SHARE_ENDED: 'SHARE_ENDED',
} as const;
export type NoteEvent = (typeof NoteEvent)[keyof typeof NoteEvent];

registerEnumType(NoteEvent, {
  name: 'NoteEvent',
  description: 'What happened to a section of a note.',
  valuesMap: {
    BEGUN: { description: 'It was begun.' },
    DRAFT_KEPT: { description: 'A version of the draft was kept. Its author alone sees this.' },
    DISCARDED: { description: 'It was put away. Its author alone sees this.' },
    SIGNED: { description: 'It was signed.' },
    LOCKED: { description: 'It was locked.' },
    ADDED: { description: 'Something was added.' },
    SHARED: { description: 'It was shared with a colleague. Only whoever reads it sees this.' },
    SHARE_ENDED: { description: 'That was ended. Only whoever reads it sees this.' },
  },
});

@ObjectType({ description: 'One thing that happened to a section of a note.' })
export class NoteHistoryEntry {
  @Field(() => Instant, { description: 'When it happened.' })
  readonly at: Temporal.Instant;

  @Field(() => NoteEvent, { description: 'What happened.' })
  readonly event: NoteEvent;

  @Field(() => ID, { description: 'To which section.' })
  readonly sectionId: string;

  @Field(() => Discipline, { description: 'In which discipline the section is written.' })
  readonly discipline: Discipline;

  @Field(() => ID, { nullable: true, description: 'Staff account that did it; null: Facet itself.' })
  readonly staffId: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Number of the version that was kept or signed, or of the addendum; else null.',
  })
  readonly number: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 of what was kept, signed or added; null: there is none, or its words are not for you.',
  })
  readonly fingerprint: string | null;
}
