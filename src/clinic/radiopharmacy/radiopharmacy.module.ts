import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { CalendarModule } from '../calendar/calendar.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { BatchResolver } from './batch.resolver.js';
import { BatchService } from './batch.service.js';
import { BatchKeepingService } from './batch-keeping.service.js';
import { BatchReceptionService } from './batch-reception.service.js';
import { DoseOrderResolver } from './dose-order.resolver.js';
import { DoseOrderService } from './dose-order.service.js';
import { DoseOrderLetterService } from './dose-order-letter.service.js';
import { DoseOrderLineService } from './dose-order-line.service.js';
import { DoseOrderRecordService } from './dose-order-record.service.js';
import { DoseOrderSheetService } from './dose-order-sheet.service.js';
import { DosePlanService } from './dose-plan.service.js';
import { DoseProtocolResolver } from './dose-protocol.resolver.js';
import { DoseProtocolService } from './dose-protocol.service.js';
import { DosedVisits } from './dosed-visits.service.js';
import { OutdatedDoseService } from './outdated-dose.service.js';
import { PlannedDoseResolver } from './planned-dose.resolver.js';
import { PlannedDoseService } from './planned-dose.service.js';
import { RadionuclideResolver } from './radionuclide.resolver.js';
import { RadionuclideService } from './radionuclide.service.js';
import { RadiopharmacyJobs } from './radiopharmacy.jobs.js';
import { RadiopharmacyAccessService } from './radiopharmacy-access.service.js';
import { RADIOPHARMACY_PEOPLE_RESOLVERS } from './radiopharmacy-people.resolver.js';
import { RadiopharmacyRetentionService } from './radiopharmacy-retention.service.js';
import { SupplierResolver } from './supplier.resolver.js';
import { SupplierService } from './supplier.service.js';
import { SupplierChangeService } from './supplier-change.service.js';
import { WastedDoseService } from './wasted-dose.service.js';

@Module({
  imports: [AuthModule, CalendarModule, PatientsModule, RecordRegistersModule],
  providers: [
    RadiopharmacyRetentionService,
    RadiopharmacyAccessService,
    RadionuclideService,
    DoseProtocolService,
    SupplierService,
    SupplierChangeService,
    DosePlanService,
    DoseOrderLineService,
    DoseOrderRecordService,
    DoseOrderSheetService,
    DoseOrderService,
    DoseOrderLetterService,
    WastedDoseService,
    PlannedDoseService,
    DosedVisits,
    OutdatedDoseService,
    RadiopharmacyJobs,
    BatchService,
    BatchReceptionService,
    BatchKeepingService,
    RadionuclideResolver,
    DoseProtocolResolver,
    SupplierResolver,
    PlannedDoseResolver,
    DoseOrderResolver,
    BatchResolver,
    ...RADIOPHARMACY_PEOPLE_RESOLVERS,
  ],
  exports: [DoseProtocolService, PlannedDoseService, DosedVisits, BatchService, DoseOrderLetterService],
})
export class RadiopharmacyModule {}
