// PS3.5: what the layers above may use of data sets.
export { type DataSetInput, dataSet, type ElementInput, emptyElement } from './build.js';
export { canEncodeText, isAscii, type ResponseCharacterSet } from './character-sets.js';
export { DataSet, type Element, isEmptyElement, nameTag, type TextElement } from './data-set.js';
export {
  type DayText,
  isBackwards,
  isInRange,
  parseDay,
  parseRange,
  parseTime,
  type Range,
  type TimeOfDay,
} from './dates-and-times.js';
export { isPrivate, mustFindKeyword, type Tag } from './dictionary.js';
export { formatTag, MalformedDataSet } from './malformed-data-set.js';
export { readCommandElements, readDataSet } from './read.js';
export {
  explicitVRLittleEndianUID,
  implicitVRLittleEndianUID,
  preferredTransferSyntaxes,
  type TransferSyntax,
} from './transfer-syntaxes.js';
export { isUid, uidFromUuid } from './uids.js';
export { type ValueProblem, type ValueProblemCode, validateValue } from './values.js';
export { writeDataSet } from './write.js';
