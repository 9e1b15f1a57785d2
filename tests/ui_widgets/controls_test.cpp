// SPDX-License-Identifier: GPL-3.0-or-later
// Buttons, choices, fields and sliders: the mouse and the keyboard do the same.
#include "support/ui_test_main.h"
#include "ui/theme/focus_ring.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/form_row.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/step_trail.h"

#include <QAccessible>
#include <QFocusFrame>
#include <QLabel>
#include <QSignalSpy>
#include <QVBoxLayout>

using namespace preflab;

namespace {

/// A window with some widgets, shown and active.
struct Window : QWidget {
    explicit Window(std::initializer_list<QWidget*> widgets)
    {
        auto* layout = new QVBoxLayout(this);
        for (QWidget* widget : widgets) layout->addWidget(widget);
        resize(400, 300);
        show();
        activateWindow();
        (void)QTest::qWaitForWindowActive(this);
    }
};

}  // namespace

class ControlsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aButtonIsPressedByMouseSpaceAndItsKey()
    {
        auto* button = new Button(QStringLiteral("Save"));
        button->setKey(QStringLiteral("Ctrl+S"));
        Window window{button};
        QSignalSpy clicked(button, &Button::clicked);
        QTest::mouseClick(button, Qt::LeftButton);
        button->setFocus(Qt::TabFocusReason);
        QTest::keyClick(button, Qt::Key_Space);
        QTest::keyClick(&window, Qt::Key_S, Qt::ControlModifier);
        QCOMPARE(clicked.size(), 3);
        button->setEnabled(false);
        QTest::keyClick(&window, Qt::Key_S, Qt::ControlModifier);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(clicked.size(), 3);
    }

    void aSingleLetterIsTypedWhereThereIsAField()
    {
        auto* vote = new Button(QStringLiteral("A is better"));
        vote->setKey(QStringLiteral("1"));
        auto* note = new QLineEdit;
        Window window{vote, note};
        QSignalSpy clicked(vote, &Button::clicked);
        vote->setFocus();
        QTest::keyClick(vote, Qt::Key_1);
        QCOMPARE(clicked.size(), 1);
        note->setFocus();
        QVERIFY(isTyping());
        QTest::keyClick(note, Qt::Key_1);
        QCOMPARE(clicked.size(), 1);
        QCOMPARE(note->text(), QStringLiteral("1"));
        note->setReadOnly(true);
        QVERIFY(!isTyping());
    }

    void keyCapsTakeRoomOnlyWhileTheyAreShown()
    {
        Button button(QStringLiteral("Export"));
        const int bare = button.sizeHint().width();
        button.setPrintedKey(QStringLiteral("Ctrl+E"));
        QVERIFY(button.sizeHint().width() > bare);
        Button::showKeys(false);
        QCOMPARE(button.sizeHint().width(), bare);
        Button::showKeys(true);
        QVERIFY(button.sizeHint().width() > bare);
    }

    void theRingIsForTheKeyboard()
    {
        auto* first = new Button(QStringLiteral("First"));
        auto* second = new Button(QStringLiteral("Second"));
        Window window{first, second};
        const auto ringed = [&]() -> QWidget* {
            for (const QFocusFrame* frame : window.findChildren<QFocusFrame*>())
                if (frame->isVisible()) return frame->widget();
            return nullptr;
        };
        second->setFocus(Qt::MouseFocusReason);
        first->setFocus(Qt::MouseFocusReason);
        QCOMPARE(ringed(), nullptr);
        QVERIFY(first->hasFocus() && !hasKeyboardFocus(*first));
        QTest::keyClick(first, Qt::Key_Tab);
        QCOMPARE(QApplication::focusWidget(), second);
        QTRY_COMPARE(ringed(), static_cast<QWidget*>(second));
        QVERIFY(hasKeyboardFocus(*second));
        QVERIFY(window.findChild<QFocusFrame*>()->geometry().contains(second->geometry()));
        first->setFocus(Qt::MouseFocusReason);
        QCOMPARE(ringed(), nullptr);
    }

    void segmentsAreChosenByMouseAndArrows()
    {
        auto* segments = new Segmented;
        for (const char* id : {"words", "letters", "off"})
            segments->addSegment(QString::fromLatin1(id), QString::fromLatin1(id));
        Window window{segments};
        QSignalSpy chosen(segments, &Segmented::chosen);
        QCOMPARE(segments->current(), QStringLiteral("words"));
        QTest::mouseClick(segments->segment(QStringLiteral("letters")), Qt::LeftButton);
        QCOMPARE(segments->current(), QStringLiteral("letters"));
        QTest::keyClick(segments->segment(QStringLiteral("letters")), Qt::Key_Right);
        QCOMPARE(segments->current(), QStringLiteral("off"));
        QTest::keyClick(segments->segment(QStringLiteral("off")), Qt::Key_Right);
        QCOMPARE(segments->current(), QStringLiteral("off"));
        segments->segment(QStringLiteral("letters"))->setEnabled(false);
        QTest::keyClick(segments->segment(QStringLiteral("off")), Qt::Key_Left);
        QCOMPARE(segments->current(), QStringLiteral("words"));
        QCOMPARE(chosen.size(), 3);
        segments->setCurrent(QStringLiteral("off"));
        QCOMPARE(chosen.size(), 3);
    }

    void aChipIsChosenAndRemoved()
    {
        auto* chip = new Chip(QStringLiteral("flagged"));
        chip->setCheckable(true);
        const int plain = chip->sizeHint().width();
        chip->setRemovable();
        QVERIFY(chip->sizeHint().width() > plain);
        Window window{chip};
        chip->resize(chip->sizeHint());
        QSignalSpy removed(chip, &Chip::removed), clicked(chip, &Chip::clicked);
        QTest::mouseClick(chip, Qt::LeftButton, {}, {10, 10});
        QVERIFY(chip->isChecked());
        chip->setFocus();
        QTest::keyClick(chip, Qt::Key_Space);
        QVERIFY(!chip->isChecked());
        QCOMPARE(removed.size(), 0);
        QTest::mouseClick(chip, Qt::LeftButton, {}, {chip->width() - 8, 10});
        QTest::keyClick(chip, Qt::Key_Delete);
        QCOMPARE(removed.size(), 2);
        QCOMPARE(clicked.size(), 2);
        QVERIFY(!chip->isDown());
    }

    void aSwitchIsTurned()
    {
        auto* blind = new Switch(QStringLiteral("Blind"));
        Window window{blind};
        QTest::mouseClick(blind, Qt::LeftButton);
        QVERIFY(blind->isChecked());
        blind->setFocus();
        QTest::keyClick(blind, Qt::Key_Space);
        QVERIFY(!blind->isChecked());
    }

    void theWheelScrollsPastAChoiceWithoutTheKeyboard()
    {
        auto* combo = new ComboBox;
        combo->addItems({QStringLiteral("DPO"), QStringLiteral("ORPO")});
        Window window{new QLineEdit, combo};
        const auto roll = [combo] {
            QWheelEvent event(combo->rect().center(), combo->mapToGlobal(combo->rect().center()), {}, {0, -120},
                              Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(combo, &event);
        };
        window.findChild<QLineEdit*>()->setFocus();
        roll();
        QCOMPARE(combo->currentIndex(), 0);
        combo->setFocus();
        roll();
        QCOMPARE(combo->currentIndex(), 1);
    }

    void numbersAreReadAndWritten_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("shown");
        QTest::newRow("plain") << QStringLiteral("0.1") << 0.1 << QStringLiteral("0.1");
        QTest::newRow("with a comma") << QStringLiteral("0,001") << 0.001 << QStringLiteral("0.001");
        QTest::newRow("scientific") << QStringLiteral("5e-6") << 5e-6 << QStringLiteral("5e-6");
        QTest::newRow("long scientific") << QStringLiteral(" 5.0E-06 ") << 5e-6 << QStringLiteral("5e-6");
        QTest::newRow("tiny") << QStringLiteral("1e-12") << 1e-12 << QStringLiteral("1e-12");
        QTest::newRow("large") << QStringLiteral("2000000000") << 2e9 << QStringLiteral("2e9");
        QTest::newRow("whole") << QStringLiteral("512") << 512.0 << QStringLiteral("512");
        QTest::newRow("negative") << QStringLiteral("-0.25") << -0.25 << QStringLiteral("-0.25");
        QTest::newRow("nothing") << QStringLiteral("0") << 0.0 << QStringLiteral("0");
    }

    void numbersAreReadAndWritten()
    {
        QFETCH(QString, typed);
        QFETCH(double, value);
        QFETCH(QString, shown);
        NumberField field;
        field.setText(typed);
        QVERIFY(field.value().has_value());
        QCOMPARE(*field.value(), value);
        QCOMPARE(NumberField::textOf(value), shown);
        field.setValue(value);
        QCOMPARE(field.text(), typed);  // what reads the same is left as it is typed
        field.setText({});
        field.setValue(value);
        QCOMPARE(field.text(), shown);
    }

    void whatIsNoNumberStaysAndIsMarked()
    {
        auto* field = new NumberField;
        Window window{field};
        QSignalSpy edited(field, &NumberField::edited), committed(field, &NumberField::committed);
        field->setFocus();
        QTest::keyClicks(field, QStringLiteral("abc"));
        QCOMPARE(edited.size(), 3);
        QVERIFY(!field->value().has_value());
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(committed.size(), 1);
        QCOMPARE(committed.front().front().toString(), QStringLiteral("abc"));
        const int height = field->height();
        field->setInvalid(true);
        QCOMPARE(field->property("tone").toString(), QStringLiteral("danger"));
        QCOMPARE(field->height(), height);
        field->setInvalid(false);
        QVERIFY(!field->property("tone").isValid());
        field->setText(QStringLiteral("1,000"));
        QVERIFY(!field->value().has_value());
    }

    void aSliderMovesByKeysAndMouse()
    {
        auto* slider = new ScaledSlider;
        slider->setScale(0.01, 1.0, ScaledSlider::Scale::Logarithmic);
        slider->setTicks({0.01, 0.1, 1.0});
        slider->setNumber(0.1);
        Window window{slider};
        QSignalSpy moved(slider, &ScaledSlider::numberChanged);
        QCOMPARE(slider->number(), 0.1);
        const auto pressed = [&](Qt::Key key) {
            QTest::keyClick(slider, key);
            return slider->number();
        };
        slider->setFocus();
        const int start = slider->value();
        pressed(Qt::Key_Right);
        QCOMPARE(slider->value() - start, (slider->maximum() - slider->minimum()) / 100);
        pressed(Qt::Key_Left);
        pressed(Qt::Key_PageUp);
        QCOMPARE(slider->value() - start, (slider->maximum() - slider->minimum()) / 10);
        QCOMPARE(pressed(Qt::Key_Home), 0.01);
        QCOMPARE(pressed(Qt::Key_End), 1.0);
        QCOMPARE(moved.size(), 5);
        QTest::mouseClick(slider, Qt::LeftButton, {}, {slider->width() / 2, 14});
        QVERIFY(std::abs(slider->number() - 0.1) < 0.011);
        QCOMPARE(moved.size(), 6);
        slider->setNumber(0.5);
        QCOMPARE(moved.size(), 6);  // only the user's moves are told
        QVERIFY(std::abs(slider->number() - 0.5) < 0.01);
    }

    void aLinearSliderReachesItsEnds()
    {
        ScaledSlider slider;
        slider.setScale(-2.0, 6.0, ScaledSlider::Scale::Linear);
        for (const double value : {-2.0, 0.0, 2.0, 6.0}) {
            slider.setNumber(value);
            QVERIFY(std::abs(slider.number() - value) < 0.05);
        }
        slider.setNumber(100.0);
        QCOMPARE(slider.number(), 6.0);
    }

    void aRowNamesExplainsAndResets()
    {
        auto* field = new NumberField;
        auto* row = new FormRow(QStringLiteral("Beta"), field, QStringLiteral("Small lets the model change more."));
        Window window{row};
        QSignalSpy reset(row, &FormRow::resetWanted);
        const QAccessibleInterface* voice = QAccessible::queryAccessibleInterface(field);
        QCOMPARE(voice->text(QAccessible::Name), QStringLiteral("Beta"));
        QCOMPARE(voice->text(QAccessible::Description), QStringLiteral("Small lets the model change more."));
        field->setFocus();
        QTest::keyClick(field, Qt::Key_Backspace, Qt::ControlModifier);
        QCOMPARE(reset.size(), 1);
        row->setError(QStringLiteral("Beta must be above 0."));
        QCOMPARE(field->property("tone").toString(), QStringLiteral("danger"));
        const auto isShown = [&](const QString& text) {
            for (const QLabel* label : row->findChildren<QLabel*>())
                if (label->text() == text) return label->isVisible();
            return false;
        };
        QVERIFY(isShown(QStringLiteral("Beta must be above 0.")));
        row->setError({});
        QVERIFY(!field->property("tone").isValid());
        QVERIFY(!isShown(QString()));
        QVERIFY(isShown(QStringLiteral("Small lets the model change more.")));
    }

    void theTrailLeadsBackToWhatWasVisited()
    {
        auto* trail = new StepTrail(
            {QStringLiteral("Model"), QStringLiteral("Data"), QStringLiteral("Method"), QStringLiteral("Review")});
        Window window{trail};
        QSignalSpy clicked(trail, &StepTrail::clicked);
        trail->setCurrent(2);
        QCOMPARE(trail->accessibleName(), QStringLiteral("Step 3 of 4: Method"));
        QTest::mouseClick(trail, Qt::LeftButton, {}, {10, trail->height() / 2});
        QCOMPARE(clicked.takeFirst().front().toInt(), 0);
        QTest::mouseClick(trail, Qt::LeftButton, {}, {trail->width() - 10, trail->height() / 2});
        QCOMPARE(clicked.size(), 0);  // not reached yet
        trail->setFocus();
        QTest::keyClick(trail, Qt::Key_Left);
        QCOMPARE(clicked.takeFirst().front().toInt(), 1);
        QTest::keyClick(trail, Qt::Key_Right);
        QCOMPARE(clicked.size(), 0);
        trail->setReached(3);
        QTest::keyClick(trail, Qt::Key_Right);
        QCOMPARE(clicked.takeFirst().front().toInt(), 3);
    }
};

PREFLAB_UI_TEST_MAIN(ControlsTest)
#include "controls_test.moc"
