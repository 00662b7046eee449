// Until a lesson is chosen: commands to begin with, put into the prompt by a click.
import './lesson.css';
import { putIntoPrompt } from '../state/terminal-access.ts';

const firstCommands: readonly string[] = [
  'kubectl get nodes',
  'kubectl create deployment web --image=nginx:1.27 --replicas=3',
  'kubectl expose deployment web --port=80',
  'kubectl delete pod -l app=web',
];

export default function LessonPane() {
  return (
    <div className="lesson">
      <h2>A cluster of your own</h2>
      <p>
        One control plane node and two workers run in this tab. Try these commands in order. A click puts one into the
        prompt; Enter runs it.
      </p>
      <ol>
        {firstCommands.map((command) => (
          <li key={command}>
            <button type="button" onClick={() => putIntoPrompt(command)}>
              <code>
                {command.split(' ').map((word) => (
                  <span key={word}>{word}</span>
                ))}
              </code>
            </button>
          </li>
        ))}
      </ol>
      <p>Watch the diagram meanwhile: each dot is a request from one component to another.</p>
    </div>
  );
}
