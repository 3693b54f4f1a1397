"""Right answers, measured: how well passages are found and quoted, on sets of questions with their answers.

    make eval
    python -m bench.answers --set shop --wrong
    python -m bench.answers --set shop --chat-model gpt-4o

The set `shop` is about the demo shop. The set `manual` is about the Debian FAQ, as HTML and as PDF; it needs apt-get once,
to fetch the package `debian-faq`. Its answers are found by their words, since the PDF is one document.

`sets` has the questions, `corpus` reads and splits the documents as memory does, `ways` searches as memory does and as plain
Chroma and BM25 would, `answers` asks core's assistant without a model, `report` counts. `asking` asks a chat model by core's
own path, `judged` judges its answers: docs/evaluations.md. `visible` checks what well-known questions are answered,
`calibrate` chooses the levels of evidence of an embedding model (`--calibrate --model …`). Everything runs in this process: no
store, and no network but to the chat model. Vectors are kept in `bench/.cache`, by the text that they are of.
"""
