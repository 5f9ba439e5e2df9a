import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ReferralPriority, TriageEventKind } from '../../platform/database/generated/enums.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';

registerEnumType(TriageEventKind, {
  name: 'TriageEventKind',
  description: 'What happened to a referral beside its moves.',
  valuesMap: {
    CLAIMED: { description: 'Somebody took it in hand.' },
    TAKEN_OVER: { description: 'Somebody took it over from whoever had it in hand.' },
    RELEASED: { description: 'Whoever had it in hand gave it back.' },
    ASSIGNED: { description: "It was made a clinician's decision." },
    UNASSIGNED: { description: "It was made nobody's decision in particular." },
    PRIORITY_CHANGED: { description: 'It was found more or less urgent.' },
    ESCALATED: { description: 'It was overdue, and the clinic was told.' },
    MERGED_IN: { description: 'Another referral was merged into it.' },
    MERGE_UNDONE: { description: 'A referral that was merged into it stands by itself again.' },
    RTT_FIRST_TREATMENT: { description: 'First definitive treatment.' },
    RTT_ACTIVE_MONITORING: { description: 'Active monitoring began.' },
    RTT_NOT_TO_TREAT: { description: 'A clinician decided not to treat.' },
    RTT_PATIENT_DECLINED: { description: 'The patient declined what was offered.' },
    RTT_NEW_START: { description: 'A new clock from referral to treatment began.' },
    RTT_RECORDED_IN_ERROR: { description: 'An entry for the clock was found wrong.' },
  },
});

@ObjectType({ description: 'One thing that happened to a referral beside its moves. Never changed.' })
export class TriageEvent {
  @Field(() => ID, { description: 'Id of the event (UUID).' })
  readonly id: string;

  @Field(() => TriageEventKind, { description: 'What happened.' })
  readonly kind: TriageEventKind;

  @Field(() => Instant, { description: 'When it was written down.' })
  readonly at: Temporal.Instant;

  @Field(() => ID, { nullable: true, description: 'Staff account that did it; null: Facet by itself.' })
  readonly actorId: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that it is about: from whom it was taken over, to whom it was assigned.',
  })
  readonly staffId: string | null;

  @Field(() => String, { nullable: true, description: 'Why.' })
  readonly reason: string | null;

  @Field(() => ReferralPriority, { nullable: true, description: 'The priority before, when it changed.' })
  readonly fromPriority: ReferralPriority | null;

  @Field(() => ReferralPriority, { nullable: true, description: 'The priority after, when it changed.' })
  readonly toPriority: ReferralPriority | null;

  @Field(() => LocalDate, { nullable: true, description: 'The day that was due before, when it changed.' })
  readonly fromDueOn: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'The day that was due after, when it changed.' })
  readonly toDueOn: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'Of what counts for the clock from referral to treatment: the day on which it happened.',
  })
  readonly happenedOn: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The other referral of a merge, or the entry that was recorded in error.',
  })
  readonly subjectId: string | null;
}
