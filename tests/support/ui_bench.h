// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace with a fake engine and files of its own, for tests of pages.
#pragma once

#include "support/fake_backend.h"
#include "support/files.h"
#include "ui/models/app/app_settings.h"
#include "ui/models/app/workspace.h"
#include "ui/models/data/dataset_session.h"
#include "ui/models/runs/run_center.h"
#include "ui/widgets/button.h"

#include <QtTest>

#include <string>

namespace preflab::test {

/// Everything a page needs. Members go in the order that the program destroys them in.
struct UiBench {
    explicit UiBench(FakeScript script = {})
        : backend(std::move(script)), settings(pathText("settings.ini")), workspace(backend, settings)
    {
    }

    QString pathText(const char* name) const { return QString::fromStdString((folder / name).string()); }

    /// Opens a project and waits for it.
    bool openProject(const char* name = "project")
    {
        workspace.openProject(folder / name);
        return QTest::qWaitFor(
            [this] {
                return workspace.project() != nullptr && workspace.runs() != nullptr && workspace.runs()->isLoaded();
            },
            20'000);
    }

    /// Writes pairs and opens them.
    bool openPairs(const std::string& lines)
    {
        workspace.openDataset(writeFile(folder / "pairs.jsonl", lines));
        return QTest::qWaitFor(
            [this] {
                return workspace.dataset() != nullptr && workspace.dataset()->view() != nullptr &&
                       workspace.dataset()->areColumnsReady();
            },
            20'000);
    }

    ScratchFolder folder;
    FakeBackend backend;
    AppSettings settings;
    Workspace workspace;
};

/// `count` pairs with different texts, as JSON lines.
inline std::string pairLines(int count)
{
    std::string lines;
    for (int i = 0; i < count; ++i) {
        const std::string n = std::to_string(i);
        lines += "{\"prompt\":\"Question number " + n + "?\",\"chosen\":\"A friendly answer " + n +
                 ", with some more words.\",\"rejected\":\"Answer " + n + ".\"}\n";
    }
    return lines;
}

/// The widget of that name below `root`; the test fails where it is missing.
template <class Widget>
Widget& named(QWidget& root, const char* name)
{
    auto* widget = root.findChild<Widget*>(QLatin1String(name));
    if (widget == nullptr) qFatal("there is no %s", name);
    return *widget;
}

/// The first widget of that kind below `root` that shows this text, or null.
template <class T>
T* withText(const QWidget& root, const QString& text)
{
    for (T* child : root.findChildren<T*>())
        if (child->text() == text) return child;
    return nullptr;
}

/// A click in the middle of the widget of that name.
inline void clickOn(QWidget& root, const char* name)
{
    QTest::mouseClick(&named<QWidget>(root, name), Qt::LeftButton);
}

}  // namespace preflab::test
