// SPDX-License-Identifier: GPL-3.0-or-later
// Where files lie, and the caches with the way to empty them.
#pragma once

#include "ui/widgets/blocks.h"

#include <filesystem>

class QLabel;
class QLineEdit;

namespace preflab {

class Button;
class CacheCare;
struct EmptiedCache;

/// Asks in the page before anything is deleted, and says afterwards what was freed.
class CacheCard : public Card {
    Q_OBJECT

public:
    CacheCard(CacheCare& care, const std::filesystem::path& settingsFile, QWidget* parent = nullptr);

private:
    void addPlace(const QString& label, const std::filesystem::path& path, const std::filesystem::path& folder);
    void showSize();
    void showQuestion();
    void showDone(const EmptiedCache& done);

    CacheCare& m_care;
    QLabel* m_size;
    Button* m_empty;
    Note* m_note;
};

}  // namespace preflab
