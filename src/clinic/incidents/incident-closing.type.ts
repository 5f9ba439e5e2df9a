import { Field, ID, InputType } from '@nestjs/graphql';
import { IsEnum, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { IncidentCandour, IncidentRegulator } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  IncidentStandsOtherwise,
  NotificationAlreadyRecorded,
  NotificationMissing,
  TextNamesPatient,
} from './incident.refusals.js';
import { Incident } from './incident.type.js';
import {
  READABLE,
  REFERENCE_CHARACTERS_MAX,
  SOME_LINE,
  SOME_LINES,
  STORY_CHARACTERS_MAX,
} from './incident-words.type.js';

@InputType({ description: 'A regulator was told of an incident.' })
export class RecordNotificationInput {
  @Field(() => ID, { description: 'The incident.' })
  @IsUUID()
  readonly incidentId: string;

  @Field(() => IncidentRegulator, { description: 'Who was told.' })
  @IsEnum(IncidentRegulator)
  readonly regulator: IncidentRegulator;

  @Field(() => Instant, { description: 'When they were told; not in the future, not before it happened.' })
  readonly notifiedAt: Temporal.Instant;

  @Field(() => String, { description: `What they call it, at most ${REFERENCE_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(REFERENCE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly reference: string;
}

@InputType({ description: 'The end of an incident.' })
export class CloseIncidentInput {
  @Field(() => ID, { description: 'The incident.' })
  @IsUUID()
  readonly incidentId: string;

  @Field(() => String, {
    description: `What was learnt, and what is different from now on, at most ${STORY_CHARACTERS_MAX} characters, without anything by which a patient could be known.`,
  })
  @IsString()
  @MaxLength(STORY_CHARACTERS_MAX)
  @Matches(SOME_LINES, READABLE)
  readonly learning: string;

  @Field(() => IncidentCandour, { description: 'Whether the person was told.' })
  @IsEnum(IncidentCandour)
  readonly candour: IncidentCandour;

  @Field(() => String, {
    description: `Who was told by whom and how, or why nobody was, at most ${STORY_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(STORY_CHARACTERS_MAX)
  @Matches(SOME_LINES, READABLE)
  readonly candourRecord: string;

  @Field(() => Instant, {
    nullable: true,
    description: 'When they were told: needed with TOLD, and only then.',
  })
  @IsOptional()
  readonly candourToldAt?: Temporal.Instant | null;
}

@InputType({ description: 'Something that became known of an incident.' })
export class IncidentNoteInput {
  @Field(() => ID, { description: 'The incident.' })
  @IsUUID()
  readonly incidentId: string;

  @Field(() => String, { description: `In words, at most ${STORY_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(STORY_CHARACTERS_MAX)
  @Matches(SOME_LINES, READABLE)
  readonly text: string;
}

export const RecordNotificationResult = resultUnion(
  'RecordNotificationResult',
  Incident,
  [IncidentStandsOtherwise, NotificationAlreadyRecorded],
  'The incident with the notification, or why nothing was recorded.',
);

export const CloseIncidentResult = resultUnion(
  'CloseIncidentResult',
  Incident,
  [IncidentStandsOtherwise, NotificationMissing, TextNamesPatient],
  'The closed incident, or why it stays open.',
);

export const ReopenIncidentResult = resultUnion(
  'ReopenIncidentResult',
  Incident,
  [IncidentStandsOtherwise],
  'The open incident, or why nothing was changed.',
);
