import { Role } from '../../platform/database/generated/enums.js';

const EVERYONE = Object.values(Role);

/** Who holds which permission. The one place that says so; the matrix in the spec is written by hand. */
export const ROLES_BY_PERMISSION = {
  READ_OWN_SESSION: EVERYONE,
  READ_AUDIT: [Role.MANAGER, Role.ADMIN],
  MANAGE_STAFF: [Role.ADMIN],
  READ_PATIENT: EVERYONE,
  REGISTER_PATIENT: [Role.RECEPTION, Role.CLINICIAN, Role.IMAGING, Role.ADMIN],
  CORRECT_PATIENT: [Role.RECEPTION, Role.CLINICIAN, Role.IMAGING, Role.ADMIN],
  MERGE_PATIENTS: [Role.MANAGER, Role.ADMIN],
  READ_RECORDS: [Role.MANAGER, Role.ADMIN],
  MANAGE_RECORDS: [Role.MANAGER, Role.ADMIN],
  APPROVE_DESTRUCTION: [Role.CLINICIAN, Role.ADMIN],
  EXPORT_PATIENT: [Role.MANAGER, Role.ADMIN],
  READ_DOCUMENT: EVERYONE,
  FILE_DOCUMENT: [Role.RECEPTION, Role.CLINICIAN, Role.IMAGING, Role.ADMIN],
  READ_REFERRAL: EVERYONE,
  RECEIVE_REFERRAL: [Role.RECEPTION, Role.CLINICIAN, Role.ADMIN],
  TRIAGE_REFERRAL: [Role.CLINICIAN],
  STEER_REFERRAL: [Role.RECEPTION, Role.CLINICIAN, Role.MANAGER],
  MANAGE_REFERRERS: [Role.RECEPTION, Role.MANAGER, Role.ADMIN],
  MANAGE_TRIAGE: [Role.MANAGER, Role.ADMIN],
  READ_CONSENT: [Role.RECEPTION, Role.CLINICIAN, Role.IMAGING, Role.MANAGER, Role.ADMIN],
  RECORD_CONSENT: [Role.RECEPTION, Role.CLINICIAN, Role.IMAGING],
  MANAGE_CONSENT: [Role.MANAGER, Role.ADMIN],
  READ_SCHEDULE: EVERYONE,
  MANAGE_SCHEDULE: [Role.MANAGER, Role.ADMIN],
  READ_VISIT: EVERYONE,
  BOOK_VISIT: [Role.RECEPTION, Role.CLINICIAN, Role.IMAGING, Role.MANAGER],
  RUN_VISIT: [Role.RECEPTION, Role.CLINICIAN, Role.IMAGING],
  READ_REPORT: [Role.RECEPTION, Role.MANAGER, Role.ADMIN],
  READ_ENQUIRY: [Role.RECEPTION, Role.CLINICIAN, Role.MANAGER, Role.ADMIN],
  HANDLE_ENQUIRY: [Role.RECEPTION, Role.CLINICIAN, Role.MANAGER],
  CLOSE_RED_FLAG: [Role.CLINICIAN],
  MANAGE_ENQUIRIES: [Role.MANAGER, Role.ADMIN],
  READ_ENTITLEMENT: EVERYONE,
  MANAGE_ENTITLEMENTS: [Role.MANAGER, Role.ADMIN],
  READ_VETTING: [Role.RECEPTION, Role.CLINICIAN, Role.IMAGING, Role.MANAGER, Role.ADMIN],
  REQUEST_IMAGING: [Role.RECEPTION, Role.CLINICIAN, Role.IMAGING],
  VET_REQUEST: [Role.CLINICIAN, Role.IMAGING],
  MANAGE_VETTING: [Role.MANAGER, Role.ADMIN],
  READ_RADIOPHARMACY: [Role.CLINICIAN, Role.IMAGING, Role.MANAGER, Role.ADMIN],
  RUN_RADIOPHARMACY: [Role.IMAGING],
  MANAGE_RADIOPHARMACY: [Role.MANAGER, Role.ADMIN],
  READ_CHECK: [Role.RECEPTION, Role.CLINICIAN, Role.IMAGING, Role.MANAGER, Role.ADMIN],
  RECORD_CHECK: [Role.CLINICIAN, Role.IMAGING],
  MANAGE_CHECKS: [Role.MANAGER, Role.ADMIN],
  MANAGE_GATES: [Role.MANAGER, Role.ADMIN],
  READ_SCAN: EVERYONE,
  BOOK_SCAN: [Role.RECEPTION, Role.IMAGING],
  CLOSE_SCAN: [Role.IMAGING, Role.CLINICIAN],
  MANAGE_SCANNERS: [Role.IMAGING, Role.ADMIN],
  READ_ADMINISTRATION: [Role.CLINICIAN, Role.IMAGING, Role.MDT_MEMBER, Role.MANAGER, Role.ADMIN],
  RECORD_ADMINISTRATION: [Role.CLINICIAN, Role.IMAGING],
  READ_FINDINGS: [Role.CLINICIAN, Role.IMAGING, Role.MDT_MEMBER, Role.ADMIN],
  WRITE_FINDINGS: [Role.CLINICIAN],
  ACKNOWLEDGE_FINDINGS: [Role.RECEPTION, Role.CLINICIAN, Role.MANAGER],
  MANAGE_REPORTING: [Role.MANAGER, Role.ADMIN],
  READ_INCIDENT: EVERYONE,
  RAISE_INCIDENT: EVERYONE,
  MANAGE_INCIDENTS: [Role.MANAGER, Role.ADMIN],
  READ_LETTER: [Role.RECEPTION, Role.CLINICIAN, Role.IMAGING, Role.MANAGER, Role.ADMIN],
  RESEND_LETTER: [Role.RECEPTION, Role.MANAGER, Role.ADMIN],
} as const satisfies Record<string, readonly Role[]>;

export type RuledPermission = keyof typeof ROLES_BY_PERMISSION;

function isRuled(permission: string): permission is RuledPermission {
  return Object.hasOwn(ROLES_BY_PERMISSION, permission);
}

/** Whether one of these roles holds the permission. An unknown permission is held by nobody. */
export function rolesHold(roles: readonly Role[], permission: string): boolean {
  if (!isRuled(permission)) return false;
  const holders: readonly Role[] = ROLES_BY_PERMISSION[permission];
  return roles.some((role) => holders.includes(role));
}

export function permissionsOf(roles: readonly Role[]): RuledPermission[] {
  return Object.keys(ROLES_BY_PERMISSION).filter(
    (permission): permission is RuledPermission => isRuled(permission) && rolesHold(roles, permission),
  );
}
