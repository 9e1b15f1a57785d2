// SPDX-License-Identifier: GPL-3.0-or-later
// Short messages in the corner of the window.
#pragma once

#include <QFrame>

#include <functional>

class QVBoxLayout;

namespace preflab {

class Button;

/// One message. Its timer waits while somebody is at it: the pointer over it, or the keyboard in it.
class Toast : public QFrame {
    Q_OBJECT

public:
    enum class Kind { Done, Failure };
    static constexpr int kStays = 0;

    /// Leaves after `stay` milliseconds, if that is not kStays; a failure always stays. `actionText` with its action may be empty.
    Toast(const QString& text, Kind kind, int stay, const QString& actionText = {}, std::function<void()> action = {},
          QWidget* parent = nullptr);

private:
    void addButton(Button* button);
    bool isInUse() const;
};

/// Stacks at most three messages above the status bar, newest below. A message goes after six seconds, not while it is
/// hovered or has the keyboard; one that reports a failure stays until closed.
class ToastArea : public QWidget {
    Q_OBJECT

public:
    using Kind = Toast::Kind;

    /// Lies over `window`, at its lower right corner.
    explicit ToastArea(QWidget* window);

    /// `actionText` with its action may be empty.
    void show(const QString& text, Kind kind = Kind::Done, const QString& actionText = {},
              std::function<void()> action = {});
    int shown() const;
    /// Where the corner is now.
    void place();
    /// How long a message stays, in milliseconds (tests shorten it).
    void setStay(int milliseconds) { m_stay = milliseconds; }

private:
    QVBoxLayout* m_layout;
    int m_stay = 6000;
};

}  // namespace preflab
