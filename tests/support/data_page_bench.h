// SPDX-License-Identifier: GPL-3.0-or-later
// The data page over fifty pairs, open in a project.
#pragma once

#include "support/tiny_model.h"
#include "support/ui_bench.h"
#include "ui/models/data/dataset_table_model.h"
#include "ui/pages/data/data_page.h"
#include "ui/widgets/pair_text.h"
#include "ui/widgets/table_view.h"

#include <QTest>

#include <filesystem>
#include <memory>

namespace preflab::test {

/// Derive a test class from it and `open` in its init.
class DataPageBench : public QObject {
protected:
    void open()
    {
        m_bench = std::make_unique<UiBench>();
        m_page = std::make_unique<DataPage>(m_bench->workspace,
                                            [this](QWidget&, FileQuestion, const auto& then) { then(m_target); });
        m_page->resize(1280, 800);
        m_page->show();
        QVERIFY(m_bench->openProject());
        QVERIFY(m_bench->openPairs(pairLines(50)));
        QTRY_COMPARE(chosen().toPlainText(), QStringLiteral("A friendly answer 0, with some more words."));
    }
    void close()
    {
        m_page.reset();
        m_bench.reset();
    }

    DatasetSession& session() { return *m_bench->workspace.dataset(); }
    PairText& chosen() { return named<PairText>(*m_page, "chosenText"); }
    TableView& table() { return named<TableView>(*m_page, "pairTable"); }
    void selectRow(std::uint32_t row)
    {
        m_page->arrive({PageId::Data, {}, {}, row});
        QTRY_COMPARE(chosen().toPlainText(), QStringLiteral("A friendly answer %1, with some more words.").arg(row));
    }

    std::unique_ptr<UiBench> m_bench;
    std::unique_ptr<DataPage> m_page;
    std::filesystem::path m_target;  ///< where exports go
};

}  // namespace preflab::test
