// PS3.5 §6.2.1: person names as they are compared. Pure.

/** Five components separated by four carets. */
const caretCountMax = 4;

/** In lower case, each component without spaces around it, without the empty components and groups at the end. */
export function foldName(name: string): string {
  const groups = name.normalize('NFC').toLowerCase().split('=').map(foldGroup);
  while (groups.length > 1 && groups[groups.length - 1] === '') groups.pop();
  return groups.join('=');
}

/**
 * The ways of writing a folded name that a folded key may match: trailing empty components mean nothing, so
 * `doe^jane^*` finds `doe^jane`. A key without `=` is tried on each component group.
 */
export function spellingsOf(name: string, hasGroups: boolean): readonly string[] {
  const groups = hasGroups ? [name] : name.split('=');
  return groups.flatMap((group) => {
    const missing = Math.max(0, caretCountMax - (group.split('^').length - 1));
    return Array.from({ length: missing + 1 }, (_, count) => group + '^'.repeat(count));
  });
}

function foldGroup(group: string): string {
  const components = group.split('^').map((component) => component.trim());
  while (components.length > 1 && components[components.length - 1] === '') components.pop();
  return components.join('^');
}
