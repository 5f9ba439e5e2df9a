import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ConsentPurpose, VisitModality } from '../../platform/database/generated/enums.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { VisitProtocol } from './visit-protocol.type.js';

registerEnumType(VisitModality, {
  name: 'VisitModality',
  description: 'How patient and clinic meet.',
  valuesMap: {
    IN_PERSON: { description: 'At the clinic.' },
    TELEPHONE: { description: 'By telephone.' },
    VIDEO: { description: 'By video.' },
  },
});

@ObjectType({ description: 'A kind of visit that the clinic offers.' })
export class VisitType {
  @Field(() => String, { description: 'Its code in capitals, such as FOLLOW_UP.' })
  readonly code: string;

  @Field(() => String, { description: 'Its name for people.' })
  readonly name: string;

  @Field(() => VisitModality, { description: 'How patient and clinic meet.' })
  readonly modality: VisitModality;

  @Field(() => String, {
    nullable: true,
    description:
      'The part of the clinic that books it in its own way, such as SCAN; null: an ordinary visit.',
  })
  readonly companion: string | null;

  @Field(() => Boolean, { description: 'It can only be booked for an accepted referral.' })
  readonly needsReferral: boolean;

  @Field(() => ConsentPurpose, {
    nullable: true,
    description:
      'The consent that must be in force when it is booked and when the patient comes, and confirmed where that is asked before it begins; of PROCEDURE: under the code of this kind of visit. Null: none.',
  })
  readonly consentPurpose: ConsentPurpose | null;

  @Field(() => Boolean, { description: 'The website may say how long the wait for it is.' })
  readonly isPublic: boolean;

  @Field(() => Int, { description: 'How many minutes a time is held for somebody who is still deciding.' })
  readonly holdMinutes: number;

  @Field(() => Int, { description: 'How often one visit may be moved.' })
  readonly movesMax: number;

  @Field(() => Int, { description: 'A change nearer to the visit than so many hours is a late change.' })
  readonly lateChangeHours: number;

  @Field(() => Boolean, {
    description:
      'A place that such a visit leaves is offered to those who wait without anybody saying so. Others are offered when somebody says so.',
  })
  readonly offersFreed: boolean;

  @Field(() => Int, { description: 'How many are asked about such a place at once; 1: one after another.' })
  readonly offersAtOnce: number;

  @Field(() => Int, {
    description: 'How many minutes each who is asked has for an answer; less where the visit is near.',
  })
  readonly answerMinutes: number;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The first day on which it can no longer be asked for; null while it is offered.',
  })
  readonly retiredOn: string | null;

  @Field(() => VisitProtocol, {
    nullable: true,
    description: 'How it is carried out today; null when its first protocol begins later.',
  })
  readonly protocol: VisitProtocol | null;
}
