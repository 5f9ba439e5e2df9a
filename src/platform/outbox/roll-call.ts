/**
 * What is wrong between the topics that rooms post and the handlers that rooms offer, one sentence each; empty
 * when each declared topic has exactly one handler and each handler a declared topic.
 */
export function callRoll(declared: ReadonlySet<string>, handled: readonly string[]): readonly string[] {
  const handlersOf = (topic: string) => handled.filter((name) => name === topic).length;
  const unheard = [...declared]
    .filter((topic) => handlersOf(topic) !== 1)
    .map(
      (topic) => `The topic ${topic} is posted and has ${handlersOf(topic)} handlers; it needs exactly one.`,
    );
  const unposted = [...new Set(handled)]
    .filter((topic) => !declared.has(topic))
    .map((topic) => `The topic ${topic} has a handler, but no room declares that it posts it.`);
  return [...unheard, ...unposted].sort();
}
