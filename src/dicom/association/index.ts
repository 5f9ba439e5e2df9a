// PS3.8 §9.2: what the layers above may use of associations.
export type * from './admission.port.js';
export { Connection } from './connection.js';
export { type AssociationLimits, associationLimits } from './limits.js';
export { implementationClassUID, implementationVersionName, isAETitle, type Offer } from './negotiation.js';
export type * from './observer.port.js';
export { AssociationEnded } from './operations.js';
export { Roster } from './roster.js';
export { SecureTransport, type TlsCredentials } from './secure-transport.js';
