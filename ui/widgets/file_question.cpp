// SPDX-License-Identifier: GPL-3.0-or-later
// File dialogs that do not block.
#include "ui/widgets/file_question.h"

#include <QCoreApplication>
#include <QFileDialog>

namespace preflab {
namespace {

QString words(const char* text)
{
    return QCoreApplication::translate("FileQuestion", text);
}

void prepare(QFileDialog& dialog, FileQuestion question)
{
    switch (question) {
    case FileQuestion::Pairs:
        dialog.setWindowTitle(words(QT_TRANSLATE_NOOP("FileQuestion", "Open pairs")));
        dialog.setFileMode(QFileDialog::ExistingFile);
        dialog.setNameFilters(
            {words(QT_TRANSLATE_NOOP("FileQuestion", "Pairs (*.jsonl *.ndjson *.json *.csv *.tsv *.parquet *.gz)")),
             words(QT_TRANSLATE_NOOP("FileQuestion", "All files (*)"))});
        return;
    case FileQuestion::ModelFolder:
        dialog.setWindowTitle(words(QT_TRANSLATE_NOOP("FileQuestion", "Open a model folder")));
        dialog.setFileMode(QFileDialog::Directory);
        return;
    case FileQuestion::ProjectFolder:
        dialog.setWindowTitle(words(QT_TRANSLATE_NOOP("FileQuestion", "Open a project folder")));
        dialog.setFileMode(QFileDialog::Directory);
        return;
    case FileQuestion::NewProject:
        // A name that is not there yet: the project makes its folder.
        dialog.setWindowTitle(words(QT_TRANSLATE_NOOP("FileQuestion", "New project: choose a name for its folder")));
        dialog.setFileMode(QFileDialog::AnyFile);
        dialog.setAcceptMode(QFileDialog::AcceptSave);
        dialog.setLabelText(QFileDialog::Accept, words(QT_TRANSLATE_NOOP("FileQuestion", "Make project")));
        return;
    case FileQuestion::ExportTarget:
        dialog.setWindowTitle(words(QT_TRANSLATE_NOOP("FileQuestion", "Export pairs: the ending chooses the kind")));
        dialog.setFileMode(QFileDialog::AnyFile);
        dialog.setAcceptMode(QFileDialog::AcceptSave);
        dialog.setNameFilters({words(QT_TRANSLATE_NOOP("FileQuestion", "JSON lines (*.jsonl)")),
                               words(QT_TRANSLATE_NOOP("FileQuestion", "CSV (*.csv)")),
                               words(QT_TRANSLATE_NOOP("FileQuestion", "Parquet (*.parquet)"))});
        // The dialog adds it before it looks whether such a file is there, and asks.
        dialog.setDefaultSuffix(QStringLiteral("jsonl"));
        QObject::connect(&dialog, &QFileDialog::filterSelected, &dialog, [&dialog](const QString& filter) {
            dialog.setDefaultSuffix(filter.section(QStringLiteral("*."), 1).chopped(1));
        });
        return;
    }
}

}  // namespace

FileChooser desktopFileChooser()
{
    return [](QWidget& parent, FileQuestion question, std::function<void(const std::filesystem::path&)> then) {
        auto* dialog = new QFileDialog(&parent);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        prepare(*dialog, question);
        QObject::connect(dialog, &QFileDialog::fileSelected, &parent, [then = std::move(then)](const QString& file) {
            if (!file.isEmpty()) then(std::filesystem::path(file.toStdString()));
        });
        dialog->open();
    };
}

}  // namespace preflab
