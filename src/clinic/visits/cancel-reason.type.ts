import { Field, ObjectType } from '@nestjs/graphql';
import { Role } from '../../platform/database/generated/enums.js';

@ObjectType({ description: 'Why a visit may be cancelled, and who may say so.' })
export class CancelReason {
  @Field(() => String, { description: 'What `cancelVisit` takes, in capitals: PATIENT_UNWELL.' })
  readonly code: string;

  @Field(() => String, { description: 'The reason for people.' })
  readonly name: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Code of FHIR’s value set appointment-cancellation-reason, such as `pat-crs`; null: none of them fits.',
  })
  readonly fhirCode: string | null;

  @Field(() => Boolean, {
    description:
      'Whether it is on the clinic’s own side: such a reason may be given until the visit is begun, the others until its time has come.',
  })
  readonly isOfTheClinic: boolean;

  @Field(() => [Role], { description: 'Roles that may give this reason; one of them is enough.' })
  readonly allowedRoles: readonly Role[];

  @Field(() => Boolean, { description: 'Whether a comment must say what happened.' })
  readonly needsComment: boolean;
}
