import type { Temporal } from '../../platform/time/index.js';

/** Work of this room's own: a notifiable incident is to be looked at until somebody was told. */
export const INCIDENT_WORK = { watched: 'incident.watched' } as const;

/** What this room tells. The subject is the incident, the version the number of the reminder. */
export const INCIDENT_TOPICS = { notificationDue: 'incident.notification-due' } as const;

/** What the clinic is told of an incident of which a regulator has to hear. */
export interface IncidentNotificationMatter {
  readonly incidentId: string;
  readonly patientId: string | null;
  readonly reference: string;
  readonly notifyBy: Temporal.PlainDate;
}
