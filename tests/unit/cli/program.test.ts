/** What the command line says to who mistypes, and which commands it tells of. */
import { expect, test } from 'vitest';
import { buildProgram } from '../../../cli/program.ts';

type Command = ReturnType<typeof buildProgram>;

/** Every command there is, with those inside of others. */
function allOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allOf)];
}

test('an error is followed by where help is, whichever command it is of', () => {
  for (const command of allOf(buildProgram())) {
    let printed = '';
    command.configureOutput({ writeErr: (text) => (printed += text) });
    command.exitOverride((error) => {
      throw error;
    });
    expect(() => command.parse(['--no-such-flag'], { from: 'user' })).toThrow('--no-such-flag');
    expect(printed).toContain('watchline --help');
  }
});

test('help lists commands of Watchline alone, none of the library it is made with', () => {
  for (const command of allOf(buildProgram()))
    expect(command.helpInformation()).not.toContain('help [command]');
});
