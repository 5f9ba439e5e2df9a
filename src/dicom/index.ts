// The only door. A DICOM listener (PS3.8, PS3.7) with Verification and Modality Worklist (PS3.4 Annexes A and K), and
// the data sets (PS3.5) to speak with it.
export type {
  AdmissionDecision,
  AdmissionRequest,
  AssociationAdmission,
  AssociationFacts,
  DicomEvent,
  DicomObserver,
  KeyFact,
  Peer,
  RejectionReason,
} from './association/index.js';
export { implementationClassUID, implementationVersionName, isAETitle } from './association/index.js';
export {
  canEncodeText,
  DataSet,
  type DataSetInput,
  dataSet,
  type Element,
  type ElementInput,
  isUid,
  MalformedDataSet,
  type Range,
  type ResponseCharacterSet,
  readDataSet,
  type TransferSyntax,
  uidFromUuid,
  type ValueProblem,
  type ValueProblemCode,
  validateValue,
  writeDataSet,
} from './dataset/index.js';
export { statuses } from './dimse/index.js';
export {
  createDicomServer,
  type DicomAddress,
  type DicomLimits,
  type DicomServer,
  type DicomServerOptions,
  type DicomServerStats,
} from './server.js';
export { type CompiledIdentifier, compileIdentifier, withDefaultStation } from './services/identifier.js';
export { verificationSOPClass } from './services/verification.scp.js';
export type { WorklistPort, WorklistQuery } from './services/worklist.port.js';
export { worklistSOPClass } from './services/worklist.scp.js';
