import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { IsNotEmpty, IsOptional, IsUUID } from 'class-validator';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({ description: 'An instant as the clinic’s wall clock shows it.' })
export class LocalMoment {
  @Field(() => LocalDate, { description: 'Day on the clinic’s calendar.' })
  readonly date: string;

  @Field(() => String, { description: '24-hour wall-clock time, HH:MM.' })
  readonly time: string;

  @Field(() => String, { description: 'ISO 8601 with the offset of that day: `2026-07-03T09:30:00+01:00`.' })
  readonly iso: string;

  @Field(() => String, { description: 'For people: `Friday 3 July 2026 at 09:30`.' })
  readonly text: string;
}

@ObjectType({ description: 'A camera, a room or a person, by name.' })
export class BookedResource {
  @Field(() => ID, { description: 'Id of the resource.' })
  readonly id: string;

  @Field(() => String, { description: 'Name of the resource.' })
  readonly name: string;
}

/** When and with what a visit takes place, whether it is offered or booked. */
@ObjectType({ isAbstract: true })
export abstract class ScanPlace {
  @Field(() => Instant, { description: 'Start of the injection step.' })
  readonly injectionStartsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'Start of the acquisition; the worklist’s start time.' })
  readonly scanStartsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'End of the acquisition.' })
  readonly scanEndsAt: Temporal.Instant;

  @Field(() => LocalMoment, { description: 'Start of the injection on the clinic’s wall clock.' })
  readonly injectionLocal: LocalMoment;

  @Field(() => LocalMoment, { description: 'Start of the acquisition on the clinic’s wall clock.' })
  readonly scanLocal: LocalMoment;

  @Field(() => BookedResource, { description: 'The SPECT-CT camera.' })
  readonly camera: BookedResource;

  @Field(() => BookedResource, {
    description: 'Where the tracer is injected: a room, or the camera when early images are taken.',
  })
  readonly injectionRoom: BookedResource;

  @Field(() => BookedResource, { description: 'Who injects.' })
  readonly injectionTechnologist: BookedResource;

  @Field(() => BookedResource, {
    description: 'Who acquires; the same person as the injector where possible.',
  })
  readonly scanTechnologist: BookedResource;

  @Field(() => Instant, {
    nullable: true,
    description:
      'Of a scan with early images: when the camera begins with them, which is at the injection. Null: there are none.',
  })
  readonly earlyStartsAt: Temporal.Instant | null;
}

@InputType({
  description: 'When and with what a visit takes place: one of the offers, or times of one’s own.',
})
export class ScanPlaceInput {
  @Field(() => Instant, { description: 'Start of the injection.' })
  @IsNotEmpty()
  injectionStartsAt: Temporal.Instant;

  @Field(() => Instant, {
    description: 'Start of the acquisition, inside the uptake window of the protocol.',
  })
  @IsNotEmpty()
  scanStartsAt: Temporal.Instant;

  @Field(() => ID, { description: 'Resource of the kind CAMERA.' })
  @IsUUID()
  cameraId: string;

  @Field(() => ID, {
    description:
      'Resource of the kind INJECTION_ROOM. When early images are taken the tracer is injected on the camera: its id again.',
  })
  @IsUUID()
  injectionRoomId: string;

  @Field(() => ID, { description: 'Resource of the kind NUCLEAR_MEDICINE_TECHNOLOGIST, for the injection.' })
  @IsUUID()
  injectionTechnologistId: string;

  @Field(() => ID, {
    description: 'Resource of the kind NUCLEAR_MEDICINE_TECHNOLOGIST, for the acquisition.',
  })
  @IsUUID()
  scanTechnologistId: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'Of a scan with early images: who takes them, beside who injects. Left out: the same person as for the acquisition.',
  })
  @IsOptional()
  @IsUUID()
  earlyTechnologistId?: string | null;
}
