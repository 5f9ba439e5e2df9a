// PS3.5: what the layers above may use of data sets.
export { type DataSetInput, dataSet, type ElementInput, emptyElement } from './build.js';
export { ByteWriter } from './byte-writer.js';
export {
  type CharacterSet,
  type CharacterSetName,
  canEncodeText,
  characterSets,
  isAscii,
  isCharacterSet,
} from './character-sets.js';
export {
  DataSet,
  type Element,
  isEmptyElement,
  nameTag,
  type Readable,
  type TextElement,
} from './data-set.js';
export {
  addDays,
  type DayText,
  formatTime,
  isBackwards,
  isInRange,
  parseDay,
  parseRange,
  parseTime,
  type Range,
  type TimeOfDay,
} from './dates-and-times.js';
export { elementOf, implicitVR, isPrivate, mustFindKeyword, type Tag } from './dictionary.js';
export { EncodedSet, encodeSet, readTag } from './encoded-set.js';
export { formatTag, MalformedDataSet } from './malformed-data-set.js';
export { readCommandElements, readDataSet } from './read.js';
export {
  explicitVRLittleEndianUID,
  implicitVRLittleEndianUID,
  preferredTransferSyntaxes,
  type TransferSyntax,
} from './transfer-syntaxes.js';
export { isUid, uidFromUuid } from './uids.js';
export { hasLongLength, isTextVR, type TextVR, type VR } from './value-representations.js';
export { type ValueProblem, type ValueProblemCode, validateValue } from './values.js';
export { itemTag, writeDataSet, writeHeader } from './write.js';
