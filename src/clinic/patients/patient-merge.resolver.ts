import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { MergedRecord, Patient } from './patient.type.js';
import { PatientMergeService } from './patient-merge.service.js';
import {
  MergePatientsInput,
  MergePatientsResult,
  PatientMerge,
  PatientMergePreview,
  UndoPatientMergeInput,
  UndoPatientMergeResult,
} from './patient-merge.type.js';
import { PatientMergePreviewService } from './patient-merge-preview.service.js';
import { PatientMergeUndoService } from './patient-merge-undo.service.js';

const STUBS = Symbol('records merged into patients');

@Resolver(() => Patient)
export class PatientMergeResolver {
  constructor(
    @Inject(PatientMergeService) private readonly merges: PatientMergeService,
    @Inject(PatientMergePreviewService) private readonly previews: PatientMergePreviewService,
    @Inject(PatientMergeUndoService) private readonly undoing: PatientMergeUndoService,
  ) {}

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => [MergedRecord], {
    description:
      'Records that were merged into this one; what was written of them then stays under their ids, as in the audit ' +
      'record. Needs READ_PATIENT.',
  })
  async mergedRecords(@Parent() patient: Patient, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, STUBS, (ids) => this.previews.stubsOf(ids));
    return (await loader.load(patient.id)) ?? [];
  }

  @Allow(Permission.MERGE_PATIENTS)
  @Query(() => PatientMergePreview, {
    description:
      'Two records side by side, what of the second would follow the first, and what forbids it. Changes nothing; the ' +
      'look at both is recorded. Needs MERGE_PATIENTS.',
  })
  patientMergePreview(
    @CurrentActor() actor: StaffActor,
    @Args('keepId', { type: () => ID, description: 'The record to keep.' }) keepId: string,
    @Args('mergeId', { type: () => ID, description: 'The record to merge into it.' }) mergeId: string,
  ) {
    return this.previews.patientMergePreview(actor, keepId, mergeId);
  }

  @Allow(Permission.MERGE_PATIENTS)
  @Query(() => [PatientMerge], {
    description:
      'The merges of a record, as the one that was kept or the one that was merged, the latest first. The look is ' +
      'recorded. NOT_FOUND for a record that there is not. Needs MERGE_PATIENTS.',
  })
  patientMerges(
    @CurrentActor() actor: StaffActor,
    @Args('patientId', { type: () => ID, description: 'Which record.' }) patientId: string,
  ) {
    return this.previews.patientMerges(actor, patientId);
  }

  @Allow(Permission.MERGE_PATIENTS)
  @Mutation(() => MergePatientsResult, {
    description:
      'Makes two records one: everything of the second follows the first, also scans on the worklist, and the second stays ' +
      'as a stub that leads to it. Refused as MergeForbidden with every reason, as SaidToBeDifferentPeople, and as ' +
      'PatientChangedMeanwhile when one of them is not as in the preview. Needs MERGE_PATIENTS.',
  })
  mergePatients(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which records, and why.' }) input: MergePatientsInput,
  ) {
    return this.merges.mergePatients(actor, input);
  }

  @Allow(Permission.MERGE_PATIENTS)
  @Mutation(() => UndoPatientMergeResult, {
    description:
      'Makes two of one again, within 30 days: what had followed goes back, what was added since stays and is counted. ' +
      'Refused as MergeCannotBeUndone with every reason. Needs MERGE_PATIENTS.',
  })
  undoPatientMerge(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which merge, and why.' }) input: UndoPatientMergeInput,
  ) {
    return this.undoing.undoPatientMerge(actor, input);
  }
}
