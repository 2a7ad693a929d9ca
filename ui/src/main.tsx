import { render } from "preact";
import "./parts/shell.css";
import Cases from "./pages/Cases";
import Case from "./pages/Case";
import { Shell } from "./parts/Shell";
import { Boundary } from "./parts/Boundary";
import { view } from "./url";

function App() {
  const { id } = view.value;
  return (
    <Shell>
      <Boundary key={id}>{id === null ? <Cases /> : <Case key={id} id={id} />}</Boundary>
    </Shell>
  );
}

const place = document.getElementById("app")!;
place.replaceChildren(); // what stands there until the page has come
render(<App />, place);
