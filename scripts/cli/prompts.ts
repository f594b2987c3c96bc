import { cancel, confirm, isCancel, text } from '@clack/prompts';
import { commaList } from './flags.ts';

/** Thrown when a person leaves a question with Ctrl-C or says no. Nothing has been changed then. */
export class Declined extends Error {
  /** @param exitCode 130 for Ctrl-C, as for any interrupted run; 2 for a no */
  constructor(readonly exitCode: 2 | 130) {
    super('Nothing was changed.');
  }
}

/** @param preset what the configuration says; the enter key takes it */
export async function askEmails(preset: readonly string[]): Promise<string[]> {
  return commaList(
    await ask('E-mail address for the alerts (several: comma separated)', preset.join(','), value =>
      commaList(value).length === 0 ? 'Somebody must get the alerts.' : undefined,
    ),
  );
}

export async function askPrimaryRegion(preset: string): Promise<string> {
  return (await ask('Primary region', preset)).trim();
}

export async function askToConfirm(question: string): Promise<void> {
  const answer = await confirm({ message: question, initialValue: false });
  if (answer !== true) {
    cancel('Nothing was changed.');
    throw new Declined(isCancel(answer) ? 130 : 2);
  }
}

async function ask(message: string, preset: string, check?: (value: string) => string | undefined): Promise<string> {
  const answer = await text({
    message,
    ...(preset === '' ? {} : { initialValue: preset }),
    validate: value => check?.(value ?? ''),
  });
  if (isCancel(answer)) {
    cancel('Nothing was changed.');
    throw new Declined(130);
  }
  return answer;
}
