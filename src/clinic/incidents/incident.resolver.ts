import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { IncidentService } from './incident.service.js';
import { Incident, IncidentFilterInput, IncidentPage } from './incident.type.js';
import {
  CloseIncidentInput,
  CloseIncidentResult,
  IncidentNoteInput,
  RecordNotificationInput,
  RecordNotificationResult,
  ReopenIncidentResult,
} from './incident-closing.type.js';
import { IncidentExtractService } from './incident-extract.service.js';
import { IncidentExtract } from './incident-extract.type.js';
import { AssessIncidentInput, AssessIncidentResult, RaiseIncidentInput } from './incident-input.type.js';
import { IncidentReportService } from './incident-report.service.js';

@Resolver(() => Incident)
export class IncidentResolver {
  constructor(
    @Inject(IncidentReportService) private readonly reports: IncidentReportService,
    @Inject(IncidentService) private readonly incidentService: IncidentService,
    @Inject(IncidentExtractService) private readonly extracts: IncidentExtractService,
  ) {}

  @Allow(Permission.READ_INCIDENT)
  @Query(() => Incident, { description: 'An incident. The look is recorded. Needs READ_INCIDENT.' })
  incident(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the incident.' }) id: string,
  ) {
    return this.reports.incident(actor, id);
  }

  @Allow(Permission.READ_INCIDENT)
  @Query(() => IncidentPage, {
    description: 'Incidents, the newest first. The look is recorded. Needs READ_INCIDENT.',
  })
  incidents(
    @CurrentActor() actor: StaffActor,
    @Args('filter', { type: () => IncidentFilterInput, defaultValue: {}, description: 'Narrows the list.' })
    filter: IncidentFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.reports.incidents(actor, filter, page);
  }

  @Allow(Permission.MANAGE_INCIDENTS)
  @Query(() => IncidentExtract, {
    nullable: true,
    description:
      'What a regulator is told of an incident, without anything by which somebody could be known; null: it was not assessed yet. That it was taken is recorded. Needs MANAGE_INCIDENTS.',
  })
  incidentExtract(
    @CurrentActor() actor: StaffActor,
    @Args('incidentId', { type: () => ID, description: 'Id of the incident.' }) incidentId: string,
  ) {
    return this.extracts.incidentExtract(actor, incidentId);
  }

  @Allow(Permission.RAISE_INCIDENT)
  @Mutation(() => Incident, {
    description:
      'Tells of something that went wrong, or nearly did. What is told stays as it is told. Needs RAISE_INCIDENT.',
  })
  raiseIncident(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What happened.' }) input: RaiseIncidentInput,
  ) {
    return this.reports.raiseIncident(actor, input);
  }

  @Allow(Permission.MANAGE_INCIDENTS)
  @Mutation(() => AssessIncidentResult, {
    description:
      'Records what was found out, and judges by the thresholds of that day whether a regulator has to hear of it; then the clinic is reminded until one was told. Refused as IncidentStandsOtherwise, DoseNotKnown or TextNamesPatient. Needs MANAGE_INCIDENTS.',
  })
  assessIncident(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What was found out.' }) input: AssessIncidentInput,
  ) {
    return this.incidentService.assessIncident(actor, input);
  }

  @Allow(Permission.MANAGE_INCIDENTS)
  @Mutation(() => RecordNotificationResult, {
    description:
      'Records that a regulator was told. Refused as IncidentStandsOtherwise or NotificationAlreadyRecorded. Needs MANAGE_INCIDENTS.',
  })
  recordNotification(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Who was told, and when.' }) input: RecordNotificationInput,
  ) {
    return this.incidentService.recordNotification(actor, input);
  }

  @Allow(Permission.MANAGE_INCIDENTS)
  @Mutation(() => CloseIncidentResult, {
    description:
      'Closes an incident with what was learnt and what the person was told. Refused as IncidentStandsOtherwise, NotificationMissing or TextNamesPatient. Needs MANAGE_INCIDENTS.',
  })
  closeIncident(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The end.' }) input: CloseIncidentInput,
  ) {
    return this.incidentService.closeIncident(actor, input);
  }

  @Allow(Permission.MANAGE_INCIDENTS)
  @Mutation(() => ReopenIncidentResult, {
    description:
      'Looks into an incident again; how it was closed stays in its history. Refused as IncidentStandsOtherwise. Needs MANAGE_INCIDENTS.',
  })
  reopenIncident(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Why.' }) input: IncidentNoteInput,
  ) {
    return this.incidentService.reopenIncident(actor, input);
  }

  @Allow(Permission.RAISE_INCIDENT)
  @Mutation(() => Incident, {
    description:
      'Adds what became known of an incident, at any time. Never changed afterwards. Needs RAISE_INCIDENT.',
  })
  addIncidentNote(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What.' }) input: IncidentNoteInput,
  ) {
    return this.incidentService.addIncidentNote(actor, input);
  }
}
