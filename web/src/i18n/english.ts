/** Importing this makes a page English. It does not ask for a locale: dates and times are the browser's. */

import english from "./en.json";
import { speak } from "./index";

speak("en", english, globalThis.navigator?.languages);
