// PS3.7 §10.1.2 and PS3.4 §F.8.2: the attributes of a step that N-GET asks for. Pure.
import { DataSet, type Element, emptyElement, mustFindKeyword, type Tag } from '../dataset/index.js';
import { type2 } from './performed-step-attributes.js';

const specificCharacterSet = mustFindKeyword('SpecificCharacterSet').tag;

/** What is answered, and the tags that the step does not have. */
export interface Selection {
  readonly selected: DataSet;
  readonly unknown: readonly Tag[];
}

/**
 * The attributes with these tags; all when none is named. An attribute of type 2 that the scanner left out comes with
 * zero length. Specific Character Set comes with any other, since it says how their text is written. Group lengths
 * (retired, PS3.5 §7.2) are never known: they would be wrong.
 */
export function selectAttributes(step: DataSet, tags: readonly Tag[]): Selection {
  if (tags.length === 0) return { selected: DataSet.of(whole(step)), unknown: [] };
  const elements: Element[] = [];
  const unknown = new Set<Tag>();
  for (const tag of tags) {
    const element = isGroupLength(tag) ? undefined : (step.elementAt(tag) ?? emptyIfType2(tag));
    if (element === undefined) unknown.add(tag);
    else elements.push(element);
  }
  const characterSet = step.elementAt(specificCharacterSet);
  if (elements.length > 0 && characterSet !== undefined) elements.push(characterSet);
  return { selected: DataSet.of(elements), unknown: [...unknown] };
}

function whole(step: DataSet): readonly Element[] {
  const present = [...step.elements()].filter(({ tag }) => !isGroupLength(tag));
  const absent = [...type2.values()].filter(({ tag }) => step.elementAt(tag) === undefined);
  return [...present, ...absent.map(emptyElement)];
}

function emptyIfType2(tag: Tag): Element | undefined {
  const entry = type2.get(tag);
  return entry && emptyElement(entry);
}

function isGroupLength(tag: Tag): boolean {
  return (tag & 0xffff) === 0;
}
