import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { CalendarService } from '../../src/clinic/calendar/calendar.service.js';
import { RequestExposureService } from '../../src/clinic/vetting/request-exposure.service.js';
import { RequestLogService } from '../../src/clinic/vetting/request-log.service.js';
import { RequestRecordService } from '../../src/clinic/vetting/request-record.service.js';
import type { VettingService } from '../../src/clinic/vetting/vetting.service.js';
import { VettingDueService } from '../../src/clinic/vetting/vetting-due.service.js';
import { VettingPolicyService } from '../../src/clinic/vetting/vetting-policy.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { Outbox } from '../../src/platform/outbox/index.js';
import type { Clock } from '../../src/platform/time/index.js';

/** What uses imaging requests up, built by hand on a test's database. */
export function requestExposuresOn(
  database: Database,
  clock: Clock,
  vetting: VettingService,
): RequestExposureService {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const calendar = new CalendarService(database, clock, config, audit);
  const due = new VettingDueService(config, new Outbox(clock));
  return new RequestExposureService(
    config,
    new RequestRecordService(clock, vetting),
    new RequestLogService(clock, audit, due),
    new VettingPolicyService(database, clock, config, audit, calendar),
    due,
  );
}
