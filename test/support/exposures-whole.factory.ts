import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { IncidentService } from '../../src/clinic/incidents/incident.service.js';
import { IncidentAssessmentService } from '../../src/clinic/incidents/incident-assessment.service.js';
import { IncidentIdentityService } from '../../src/clinic/incidents/incident-identity.service.js';
import { IncidentRecordService } from '../../src/clinic/incidents/incident-record.service.js';
import { IncidentReportService } from '../../src/clinic/incidents/incident-report.service.js';
import { IncidentRuleService } from '../../src/clinic/incidents/incident-rule.service.js';
import { IncidentWatchService } from '../../src/clinic/incidents/incident-watch.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import {
  administrationsOn,
  anInjection,
  arrive,
  makeBatch,
  makeDoseProtocol,
  makeOperator,
  mustBeGiven,
} from './administrations.factory.js';
import {
  aBreastFeedingEnquiry,
  anIdentityCheck,
  aPregnancyEnquiry,
  aSafetyCheck,
  checksOn,
  makeStaff,
  makeTableLimit,
} from './checks.factory.js';
import type { Imaging } from './imaging.factory.js';
import { anAssessment, anIncident } from './incidents.factory.js';
import { aStaffActor } from './patients.factory.js';
import { aContent, makeReport, makeReporter, mustBe, reportsOn } from './reports.factory.js';

/** The rooms around an exposure, built by hand on what imagingOn has built, with somebody who may do everything in them. */
export async function exposureRoomsOn(imaging: Imaging) {
  const { database, clock } = imaging;
  await makeDoseProtocol(database);
  await makeTableLimit(database);
  return {
    ...{ imaging, manager: aStaffActor(), incidents: incidentsOn(imaging) },
    checks: checksOn(database, clock),
    administrations: administrationsOn(imaging),
    reports: reportsOn(database, clock),
    operator: await makeOperator(database),
    asker: await makeStaff(database, 'Sam Asker', ['IDENTIFY_PATIENT', 'ENQUIRE_PREGNANCY']),
    witness: await makeStaff(database, 'Kim Witness'),
    reporter: await makeReporter(database),
  };
}

export type ExposureRooms = Awaited<ReturnType<typeof exposureRoomsOn>>;

function incidentsOn({ database, clock, outbox, patients, visitsRoom }: Imaging) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const records = new IncidentRecordService(clock, config, audit);
  const rules = new IncidentRuleService(database, clock, audit, records);
  const assessments = new IncidentAssessmentService(clock, patients, records, rules);
  const identity = new IncidentIdentityService(patients, visitsRoom.records);
  const watching = new IncidentWatchService(database, clock, config, outbox, records, rules);
  return {
    told: new IncidentReportService(database, clock, audit, patients, records),
    seenTo: new IncidentService(database, clock, records, assessments, identity, watching),
  };
}

export interface ExposedVisit {
  readonly id: string;
  readonly patientId: string;
  /** Local day: `2026-03-10`. The injection is at 9:00. */
  readonly day: string;
  /** Stands in whatever is told of it in free words. */
  readonly word: string;
}

/** The patient comes, is asked everything and is injected. Whoever is of an age to be asked about pregnancy is. */
export async function inject(
  rooms: ExposureRooms,
  { id, patientId, day, word }: ExposedVisit,
): Promise<void> {
  const { imaging, checks, asker } = rooms;
  const at = (time: string) => Temporal.Instant.from(`${day}T${time}:00Z`);
  await imaging.database.client.patient.update({
    where: { id: patientId },
    data: { dateOfBirth: dateFromPlainDate(Temporal.PlainDate.from('1990-06-15')) },
  });
  imaging.clock.set(at('08:30').toString());
  await arrive(imaging, id);
  mustBe(await checks.identity.recordIdentityCheck(asker, anIdentityCheck(id)));
  const wish = aPregnancyEnquiry(id, { lastPeriodUnknownWhy: word });
  const enquiry = mustBe(await checks.pregnancy.recordPregnancyEnquiry(asker, wish));
  mustBe(await checks.decisions.witnessPregnancyEnquiry(rooms.witness, enquiry.id));
  const feeding = aBreastFeedingEnquiry(id, { comment: word });
  mustBe(await checks.feeding.recordBreastFeedingEnquiry(asker, feeding));
  mustBe(await checks.safety.recordSafetyCheck(asker, aSafetyCheck(id, { comment: word })));
  const batchId = await makeBatch(imaging.database, {
    preparedAt: at('07:00').toString(),
    expiresAt: at('13:00').toString(),
  });
  imaging.clock.set(at('09:10').toString());
  const injection = anInjection(id, batchId, {
    ...{ bodySite: word, measuredAt: at('08:40'), injectedAt: at('09:00') },
  });
  mustBeGiven(await rooms.administrations.administrations.recordAdministration(rooms.operator, injection));
}

/** After the scan: its dose and how it was done, a report with what could not wait, and an incident; everything is closed. */
export async function conclude(rooms: ExposureRooms, visit: ExposedVisit): Promise<void> {
  const { operator } = rooms;
  const { acquisitions } = rooms.administrations;
  const { id: scanBookingId, day, word } = visit;
  const at = (time: string) => Temporal.Instant.from(`${day}T${time}:00Z`);
  const figures = { series: `2 ${word}`, ctdiVolMgy: 3.2, dlpMgyCm: 128, phantom: 'BODY_32_CM' } as const;
  mustBe(await acquisitions.recordCtDose(operator, { scanBookingId, ...figures }));
  const note = { startedAt: at('12:20'), stoppedAt: at('13:10'), deviations: word, comment: word };
  mustBe(await acquisitions.noteAcquisition(operator, { scanBookingId, ...note }));
  await report(rooms, visit);
  await tellIncident(rooms, rooms.manager, visit);
}

async function report({ reports, reporter }: ExposureRooms, { id: scanBookingId, word }: ExposedVisit) {
  const { id } = await makeReport(reports, reporter, scanBookingId, aContent({ conclusion: word }));
  const addendum = { scanBookingId, seenVersion: 1, text: word };
  mustBe(await reports.addenda.addReportAddendum(reporter, addendum));
  const flagged = { scanBookingId, category: 'OTHER', description: word } as const;
  const { id: criticalFindingId } = mustBe(await reports.critical.flagCriticalFinding(reporter, flagged));
  const telling = {
    ...{ criticalFindingId, toldName: word, toldRole: 'registrar', method: 'TELEPHONE' as const },
    ...{ toldAt: reports.clock.now(), wasReadBack: true },
  };
  mustBe(await reports.critical.tellCriticalFinding(reporter, telling));
  const closed = { criticalFindingId, outcome: 'ACTED_ON', note: word } as const;
  mustBe(await reports.critical.closeCriticalFinding(reporter, closed));
  for (const task of (await reports.taskRecords.ofReports([id])).get(id) ?? []) {
    mustBe(await reports.tasks.closeAcknowledgement(reporter, { acknowledgementId: task.id, reason: word }));
  }
}

async function tellIncident(
  { incidents, imaging }: ExposureRooms,
  manager: StaffActor,
  { id: visitId, patientId, word }: ExposedVisit,
): Promise<void> {
  const happenedAt = imaging.clock.now();
  const told = { patientId, visitId, happenedAt, whatHappened: word, immediateAction: word };
  const { id: incidentId } = await incidents.told.raiseIncident(manager, anIncident(told));
  mustBe(await incidents.seenTo.assessIncident(manager, anAssessment(incidentId, { comment: word })));
  await incidents.seenTo.addIncidentNote(manager, { incidentId, text: word });
  const closing = { incidentId, learning: word, candour: 'NOT_NEEDED', candourRecord: word } as const;
  mustBe(await incidents.seenTo.closeIncident(manager, closing));
}
