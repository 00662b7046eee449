// A table of the dashboard: a title with a count, columns, rows in pages.
import { type ReactNode, useId, useState } from 'react';

export interface Column<T> {
  readonly title: string;
  readonly show: (row: T) => ReactNode;
}

export interface TableProps<T> {
  readonly title: string;
  /** What it says instead of rows. */
  readonly empty: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly rowKey: (row: T) => string;
}

const pageRows = 25;

export function Table<T>({ title, empty, rows, columns, rowKey }: TableProps<T>) {
  const id = useId();
  const [shown, setShown] = useState(pageRows);
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>
        {title} <small>{rows.length}</small>
      </h3>
      {rows.length === 0 ? (
        <p className="dashboard-empty">{empty}</p>
      ) : (
        <div className="dashboard-scroll">
          <table>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column.title} scope="col">
                    {column.title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, shown).map((row) => (
                <tr key={rowKey(row)}>
                  {columns.map((column) => (
                    <td key={column.title}>{column.show(row)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > shown && (
        <button type="button" className="quiet" onClick={() => setShown(shown + 4 * pageRows)}>
          Show more of {rows.length}
        </button>
      )}
    </section>
  );
}
