import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { Scanner } from './scanner-profile.type.js';

@ObjectType({ description: 'A caller that the scanner port turned away.' })
export class ScannerRejection {
  @Field(() => Instant, { description: 'When; of several alike at once, the last.' })
  readonly rejectedAt: Temporal.Instant;

  @Field(() => String, {
    description: 'AE title that it called itself by; empty when it did not get so far.',
  })
  readonly callingAETitle: string;

  @Field(() => String, { description: 'AE title that it called us by.' })
  readonly calledAETitle: string;

  @Field(() => String, { description: 'IP address that it called from.' })
  readonly source: string;

  @Field(() => Boolean, { description: 'Did it come through TLS?' })
  readonly secured: boolean;

  @Field(() => String, { description: 'Why, in a sentence.' })
  readonly reason: string;

  @Field(() => String, { description: 'What to do about it, in a sentence.' })
  readonly advice: string;
}

@ObjectType({ description: 'How a scanner and its worklist are, told by what was heard of it.' })
export class ScannerHealth {
  @Field(() => Scanner, { description: 'Which scanner.' })
  readonly scanner: Scanner;

  @Field(() => Boolean, {
    description:
      'It was not heard on the last day that had bookings on its camera and is over, nor since. Somebody should look.',
  })
  readonly silent: boolean;

  @Field(() => Instant, {
    nullable: true,
    description: 'When a silent scanner was last heard; null: never, or it is not silent.',
  })
  readonly silentSince: Temporal.Instant | null;

  @Field(() => String, { description: 'How it is, in a sentence for people.' })
  readonly summary: string;

  @Field(() => Instant, { nullable: true, description: 'Its last C-ECHO that was answered; null: none.' })
  readonly echoedAt: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'Its last query of the worklist; null: none.' })
  readonly queriedAt: Temporal.Instant | null;

  @Field(() => Int, { nullable: true, description: 'Answers to its last query; null: none was asked.' })
  readonly queryAnswers: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'What became of its last query, in words; null: none was asked.',
  })
  readonly queryStatus: string | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'Its last message about a step that it began or ended; null: none.',
  })
  readonly steppedAt: Temporal.Instant | null;

  @Field(() => Instant, {
    nullable: true,
    description:
      'When Facet last asked its own scanner port for today’s worklist as this scanner would; null: never yet.',
  })
  readonly probedAt: Temporal.Instant | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Was that answered as it should be? Null: it was never asked.',
  })
  readonly probeOk: boolean | null;

  @Field(() => String, { nullable: true, description: 'What was wrong with the answer; null: nothing.' })
  readonly probeProblem: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Steps that were answered; null: none asked for, or no answer.',
  })
  readonly probeAnswers: number | null;

  @Field(() => [ScannerRejection], {
    description:
      'Callers turned away lately that are likely this scanner, newest first: its address, or an AE title like its own.',
  })
  readonly rejections: readonly ScannerRejection[];
}
