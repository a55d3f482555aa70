import { TextArea } from "~/ui/field";
import { flow } from "~/words/flow";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";

export function JsonPane({ text, problem, problems, onChange }: {
  text: string; problem: string; problems: { path: string; message: string }[]; onChange: (text: string) => void;
}) {
  const w = useWords(flow);
  return (
    <div className="flex flex-col gap-3">
      <TextArea label={w.definition} value={text} rows={26} spellCheck={false} wrap="off" className="font-mono text-[0.8125rem] leading-5"
                problem={problem === "" ? undefined : `${w.notJson} ${problem}`} onChange={(event) => onChange(event.target.value)} />
      {problems.length > 0 && (
        <ul aria-label={w.problems(problems.length)} className="flex flex-col gap-1.5 text-sm">
          {problems.map((one) => (
            <li key={one.path + one.message} className="rounded-lg bg-bad-soft px-3 py-2 text-bad">
              <code className="font-mono text-xs">{one.path}</code><br />{serverIn().say(one.message)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
