import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';

/** Records of one kind, as they are copied for the person whom they are about. */
export interface SubjectAccessSection {
  /** Becomes the file `<room>/<name>.json`: lower case, hyphens. */
  readonly name: string;
  /** One sentence for the person who reads the copy: what this is and what its codes mean. */
  readonly about: string;
  /** Plain values: texts, numbers, ISO 8601. Each with its `id`. */
  readonly records: readonly object[];
  /**
   * Names of fields that may speak of other people (a relative's name, a note about somebody). They are marked in the copy, and
   * a person decides before it is released whether they are withheld.
   */
  readonly thirdPartyFields?: readonly string[];
}

/** A file that is copied as it is. */
export interface SubjectAccessFile {
  /** Id of the document that it belongs to. */
  readonly id: string;
  /** Inside the room's folder; made of safe characters only. */
  readonly path: string;
  readonly mediaType: string;
  /** It may speak of other people, such as a letter about a relative. */
  readonly isThirdParty: boolean;
  /** Opens it when its turn comes; read to its end or destroyed. */
  open(): Promise<Readable>;
}

/** What a room has of a patient. */
export interface SubjectAccessRoom {
  /** The room's own name, which is the name of its folder in the copy. */
  readonly room: string;
  /** All of it, read in one snapshot. */
  collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]>;
  /** Files beside; leave it out where there are none. */
  files?(tx: Tx, patientId: string): Promise<readonly SubjectAccessFile[]>;
}

/** The rooms that have something of a patient. Call it from the constructor of a room's `*-access.service`. */
@Injectable()
export class SubjectAccess {
  readonly #rooms = new Map<string, SubjectAccessRoom>();

  /** Throws when a room registers twice. */
  register(room: SubjectAccessRoom): void {
    if (this.#rooms.has(room.room)) throw new Error(`${room.room} answers for subject access twice`);
    this.#rooms.set(room.room, room);
  }

  /** By name, so that two copies of the same record are alike. */
  rooms(): readonly SubjectAccessRoom[] {
    return [...this.#rooms.values()].toSorted((a, b) => (a.room < b.room ? -1 : 1));
  }
}
