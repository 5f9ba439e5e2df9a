import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, isCaller, Permission } from '../auth/permission.type.js';
import { Patient } from './patient.type.js';
import { PatientAlertService } from './patient-alert.service.js';
import {
  EndPatientAlertInput,
  EndPatientAlertResult,
  PatientAlert,
  RaisePatientAlertInput,
} from './patient-alert.type.js';

const ALERTS = Symbol('alerts by patient');

@Resolver(() => Patient)
export class PatientAlertResolver {
  constructor(@Inject(PatientAlertService) private readonly alertService: PatientAlertService) {}

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => [PatientAlert], {
    description:
      'What whoever meets the patient must know, the graver first: what is shown today; with `all: true` also what was and ' +
      'what will be. Only what is visible to you. Needs READ_PATIENT.',
  })
  async alerts(
    @Parent() patient: Patient,
    @CurrentRequest() request: RequestContext,
    @Args('all', {
      type: () => Boolean,
      nullable: true,
      defaultValue: false,
      description: 'Also those that have ended, are over or have not begun.',
    })
    all: boolean | null,
  ) {
    const roles = isCaller(request.caller) ? request.caller.roles : [];
    const loader = requestLoader(request, ALERTS, (ids) => this.alertService.ofPatients(ids, roles));
    const alerts = (await loader.load(patient.id)) ?? [];
    return all === true ? alerts : alerts.filter(({ isShown }) => isShown);
  }

  @Allow(Permission.CORRECT_PATIENT)
  @Mutation(() => PatientAlert, {
    description:
      'Raises an alert: whoever may see it finds it with the patient from its first day on. BAD_INPUT names each field. Needs CORRECT_PATIENT.',
  })
  raiseAlert(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The alert.' }) input: RaisePatientAlertInput,
  ) {
    return this.alertService.raiseAlert(actor, input);
  }

  @Allow(Permission.CORRECT_PATIENT)
  @Mutation(() => EndPatientAlertResult, {
    description:
      'Ends an alert, with a reason; it stays in the history. NOT_FOUND also for one that is not visible to you. Refused as ' +
      'PatientAlertChanged when it was ended already, as PatientAlertHeld while the task is open that it belongs to. Needs ' +
      'CORRECT_PATIENT.',
  })
  endAlert(
    @CurrentActor() actor: StaffActor,
    @CurrentRequest() request: RequestContext,
    @Args('input', { description: 'Which alert, and why.' }) input: EndPatientAlertInput,
  ) {
    const roles = isCaller(request.caller) ? request.caller.roles : [];
    return this.alertService.endAlert(actor, roles, input);
  }
}
