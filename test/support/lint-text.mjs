// Lints texts as if they were files of the project, with the project's own configuration:
// standard input is JSON, [{file, text}]; standard output is JSON, a list of rules broken for each.
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

// Rules that need types would need the file on disk.
const eslint = new ESLint({
  overrideConfig: [
    tseslint.configs.disableTypeChecked,
    { languageOptions: { parserOptions: { projectService: false } } }
  ]
});

const chunks = [];
for await (const chunk of process.stdin) {
  chunks.push(chunk);
}
const answers = [];
for (const { file, text } of JSON.parse(Buffer.concat(chunks).toString())) {
  const [result] = await eslint.lintText(text, { filePath: file });
  answers.push(result.messages.map(message => message.ruleId ?? 'fatal'));
}
process.stdout.write(JSON.stringify(answers));
