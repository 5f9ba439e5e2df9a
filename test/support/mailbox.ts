import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';

/** A captured letter and the name of its file. */
export interface CapturedLetter {
  readonly fileName: string;
  readonly message: ParsedMail;
  /** The iCalendar object, as text; null when there is none. */
  readonly calendar: string | null;
}

/** The iCalendar part of a message, as text; null when it has none. */
export function calendarOf(message: ParsedMail): string | null {
  const part = message.attachments.find((attachment) => attachment.contentType === 'text/calendar');
  const file = part ?? message.attachments.find((attachment) => attachment.contentType === 'application/ics');
  return file === undefined ? null : file.content.toString('utf8');
}

/** The letters in a folder of captured mail, oldest first; none when the folder is not there yet. */
export async function readMailbox(folder: string): Promise<readonly CapturedLetter[]> {
  const names = await readdir(folder).catch(() => []);
  const fileNames = names.filter((name) => name.endsWith('.eml')).sort();
  return Promise.all(
    fileNames.map(async (fileName) => {
      const message = await simpleParser(await readFile(join(folder, fileName)));
      return { fileName, message, calendar: calendarOf(message) };
    }),
  );
}
