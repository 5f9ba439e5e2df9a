import { Injectable } from '@nestjs/common';

/**
 * Answers a question that anybody may ask, about one thing named in the address; null: there is no such thing, or it is
 * not public, which must be the same to the asker. The answer becomes JSON as it is: never anything about a person.
 */
export type PublicAnswer = (subject: string) => Promise<object | null>;

export interface PublicDoor {
  /** `GET /public/<name>/<subject>`. */
  readonly name: string;
  /** What a subject looks like; anything else is answered "not found" without asking. */
  readonly subject: RegExp;
  readonly answer: PublicAnswer;
}

/** The doors that are open without a session. A room opens its own; nothing is public that was not registered here. */
@Injectable()
export class PublicDoors {
  readonly #doors = new Map<string, PublicDoor>();

  /** Throws when the name is taken or is none: two rooms behind one door is a mistake of ours. */
  register(door: PublicDoor): void {
    if (!/^[a-z][a-z-]{0,39}$/.test(door.name))
      throw new Error(`"${door.name}" is no name for a public door.`);
    if (this.#doors.has(door.name)) throw new Error(`The public door "${door.name}" is registered twice.`);
    this.#doors.set(door.name, door);
  }

  /** The door, if there is one and the subject can be asked for there. */
  doorFor(name: string, subject: string): PublicDoor | null {
    const door = this.#doors.get(name);
    return door?.subject.test(subject) ? door : null;
  }
}
