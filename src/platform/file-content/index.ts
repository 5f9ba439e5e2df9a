export {
  agreesWithDeclared,
  agreesWithName,
  FILE_TYPES,
  FILE_TYPES_IN_WORDS,
  type FileType,
  isFileType,
} from './file-types.js';
export { ContentUnacceptable, FILE_PROBLEMS, type FileProblem, inspect } from './inspection.js';
