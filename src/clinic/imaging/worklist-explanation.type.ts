import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { GateCode } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { ScannerRejection } from './scanner-health.type.js';
import { ExplanationVerdict } from './worklist-explanation.rules.js';

registerEnumType(ExplanationVerdict, {
  name: 'ExplanationVerdict',
  description: 'Whether a scanner sees a booking, and if not, at which step it fails.',
  valuesMap: {
    SEEN: { description: 'A query of the last day was answered with it.' },
    NOT_ASKED: { description: 'The scanner has not asked since the booking was made, or not for a day.' },
    NOT_MATCHED: { description: 'It asked, and each query asked for something else.' },
    HIDDEN: { description: 'It is not offered, whatever the scanner asks for; `reasons` say why.' },
    NOT_LET_IN: { description: 'It called and was turned away; `rejections` say why.' },
  },
});

@ObjectType({ description: 'One attribute that a query asked for, held against the booking.' })
export class ExplainedAttribute {
  @Field(() => String, { description: 'Name for people, such as Patient name.' })
  readonly attribute: string;

  @Field(() => String, { description: 'Keyword in the DICOM dictionary, such as PatientName.' })
  readonly keyword: string;

  @Field(() => String, { description: 'DICOM tag, such as (0010,0010).' })
  readonly tag: string;

  @Field(() => String, {
    description:
      'What was asked, in words. Values about a patient are not kept: only their shape is shown (• for a letter), unless it was this patient’s.',
  })
  readonly asked: string;

  @Field(() => String, { description: 'What the booking has there.' })
  readonly own: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Did the booking match? Null: what is kept of the query does not tell.',
  })
  readonly matched: boolean | null;

  @Field(() => String, { nullable: true, description: 'What to do about it; null: nothing.' })
  readonly advice: string | null;
}

@ObjectType({ description: 'One recent query of the scanner, replayed against the booking as it is now.' })
export class ExplainedQuery {
  @Field(() => Instant, { description: 'When; of several alike at once, the last.' })
  readonly receivedAt: Temporal.Instant;

  @Field(() => String, { description: 'AE title that the scanner called itself by.' })
  readonly callingAETitle: string;

  @Field(() => String, { description: 'IP address that it came from.' })
  readonly source: string;

  @Field(() => Int, { description: 'How many steps were answered.' })
  readonly answerCount: number;

  @Field(() => String, { description: 'What became of it, in words.' })
  readonly status: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Was the booking among the answers? Null: what is kept of the query does not tell.',
  })
  readonly shown: boolean | null;

  @Field(() => [ExplainedAttribute], {
    description: 'What selected, in the order of the query. What was only to be returned is left out.',
  })
  readonly keys: readonly ExplainedAttribute[];
}

@ObjectType({ description: 'Why a scanner sees a booking or does not, in words for the desk.' })
export class WorklistExplanation {
  @Field(() => ID, { description: 'Which booking.' })
  readonly scanBookingId: string;

  @Field(() => ID, { description: 'Which scanner.' })
  readonly scannerId: string;

  @Field(() => ExplanationVerdict, { description: 'Where it fails.' })
  readonly verdict: ExplanationVerdict;

  @Field(() => String, { description: 'What to do, in a sentence or two.' })
  readonly summary: string;

  @Field(() => [String], { description: 'What keeps it from the scanner whatever is asked, in sentences.' })
  readonly reasons: readonly string[];

  @Field(() => GateCode, {
    nullable: true,
    description:
      'The gate that keeps it from every scanner, the first of those that are closed; null: none does. `scanGates` shows all of them.',
  })
  readonly closedGate: GateCode | null;

  @Field(() => [ExplainedQuery], { description: 'Queries of the last 24 hours that are kept, newest first.' })
  readonly queries: readonly ExplainedQuery[];

  @Field(() => [ScannerRejection], {
    description: 'Callers turned away lately that are likely this scanner, newest first.',
  })
  readonly rejections: readonly ScannerRejection[];
}
